"""Steps for an emergency against the draft they were carried in from: a step that is lost on the
way is one that nobody takes.
"""

import re
from datetime import timedelta

import pytest

from kapstone.eligibility.medicines import resolve
from kapstone.monitoring.alarms import Tier, alarm_rows
from kapstone.monitoring.pathways import Callee, ladder, pathways
from tests.spec.test_monitoring_rows import Drafted, lines


@pytest.mark.parametrize("row", lines("pathway_rows.csv"), ids=lambda row: row["id"])
def test_a_pathway_has_its_steps_and_figures(row: Drafted) -> None:
    (held,) = [one for one in pathways() if one.id == row["id"]]
    assert (held.tier, held.mark, " ".join(held.source)) == (
        row["tier"],
        row["mark"],
        row["source"],
    )
    assert held.standing_order is (row["standing_order"] == "yes")
    assert " ".join(map(str, held.order_steps)) == row["order_steps"]
    assert " ".join(held.call) == row["call"]  # the rungs of the draft's ladder, mark P
    assert len(held.steps) == int(row["steps"])
    assert sorted(figures(held.steps)) == sorted(row["figures"].split())


def figures(steps: tuple[str, ...]) -> list[str]:
    return re.findall(r"(?<![A-Za-z])\d+", " ".join(steps))


def test_no_pathway_is_lost_and_each_alarm_leads_to_one_that_is_there() -> None:
    known = [one.id for one in pathways()]
    assert known == [row["id"] for row in lines("pathway_rows.csv")]
    assert {row.pathway for row in alarm_rows() if row.pathway} <= set(known)


def test_a_step_that_an_order_serves_is_there_and_somebody_is_called_for_each_row() -> None:
    """An order shown at no step is an order nobody finds."""
    for one in pathways():
        assert all(1 <= place <= len(one.steps) for place in one.order_steps), one.id
        assert Callee.PRESCRIBER in one.call
        assert (Callee.EMERGENCY in one.call) is (
            one.tier is Tier.A3 or any("911" in step for step in one.steps)
        )
    assert [(one.tier, one.mark) for one in ladder()] == [(tier, "P") for tier in Tier]


def test_a_hard_experience_calls_the_prescriber_when_its_own_step_says_so() -> None:
    """Somebody in terror must not depend on one person's sense of time."""
    clocks = {one.id: one.prescriber_after for one in pathways() if one.prescriber_after}
    assert clocks == {"PATH-CE": timedelta(minutes=15)}
    (row,) = [one for one in pathways() if one.id == "PATH-CE"]
    assert "no better after 15 min: call the prescriber" in " ".join(row.steps)


@pytest.mark.hazard(29)
def test_no_step_names_a_drug_or_an_amount() -> None:
    """A step is no order: an amount on the screen would be given."""
    words = " ".join(step for one in pathways() for step in one.steps)
    assert not re.search(r"\d ?(mg|mcg|µg|mL|g)\b", words)
    named = {one for word in re.findall(r"[A-Za-z-]{4,}", words) for one in resolve(word)[0]}
    assert named == {"cocaine", "dextrose"}  # asked about, and measured
