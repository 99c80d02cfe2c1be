"""A tier too low sends a person home who should not go."""

import csv
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone.errors import InvalidInput
from kapstone.risk import (
    LEVELS,
    AlertLevel,
    Risk,
    Screener,
    Tier,
    Trigger,
    is_high,
    item_9_trigger,
    suicide_tier,
)

SPEC = Path(__file__).parents[2] / "spec"
QUESTIONS = ("q1", "q2", "q3", "q4", "q5", "q6", "q6_3mo")
ANSWERS = {"yes": True, "no": False, "": None}
STEPS = [Tier.UNKNOWN, Tier.NONE, Tier.LOW, Tier.MODERATE, Tier.HIGH]
SCREENERS = st.builds(Screener, *(st.none() | st.booleans() for _ in QUESTIONS))


def rows(name: str) -> list[dict[str, str]]:
    with (SPEC / name).open() as table:
        return list(csv.DictReader(table))


@pytest.mark.hazard(10)
@pytest.mark.parametrize("row", rows("suicide_tiers.csv"), ids=lambda row: row["why"])
def test_the_tier_is_the_one_the_table_gives(row: dict[str, str]) -> None:
    risk = suicide_tier(Screener(*(ANSWERS[row[question]] for question in QUESTIONS)))
    assert risk.tier == row["tier"]
    assert (risk.level or "") == row["level"]
    assert " ".join(risk.unanswered) == row["unanswered"]
    assert risk.incomplete == bool(row["unanswered"])
    assert risk.version == "suicide-1"


@pytest.mark.hazard(10)
def test_high_is_ruled_out_only_when_no_answer_owed_could_make_it_so() -> None:
    """Somebody let through on a question that nobody asked could die of it."""
    for answers in product([True, False, None], repeat=7):
        screener = Screener(*answers)
        still = [
            suicide_tier(replace(screener, **dict(zip(screener.unanswered, more, strict=True))))
            for more in product([True, False], repeat=len(screener.unanswered))
        ]
        high = {each.tier is Tier.HIGH for each in still}
        assert is_high(screener) is (high.pop() if len(high) == 1 else None)


@pytest.mark.hazard(10)
def test_no_set_of_answers_hides_a_danger() -> None:
    for answers in product([True, False, None], repeat=7):
        risk = suicide_tier(Screener(*answers))
        _, _, q3, q4, q5, q6, recent = answers
        assert (risk.tier is Tier.HIGH) == (q4 is True or q5 is True or recent is True)
        if q3 or q6:
            assert risk.tier in (Tier.HIGH, Tier.MODERATE)
        if risk.incomplete:
            assert risk.tier is not Tier.NONE
            assert risk.level in (AlertLevel.IMMEDIATE, AlertLevel.URGENT)
        if risk.tier is Tier.NONE:
            assert risk.level is None
            assert True not in answers


@pytest.mark.hazard(10)
@given(SCREENERS, st.sampled_from(QUESTIONS))
def test_a_yes_never_lowers_the_tier(screener: Screener, question: str) -> None:
    before = suicide_tier(screener)
    after = suicide_tier(replace(screener, **{question: True}))
    assert STEPS.index(after.tier) >= STEPS.index(before.tier)


@pytest.mark.parametrize("slip", [1, 0, "no"])
def test_an_answer_that_is_not_yes_or_no_is_refused(slip: object) -> None:
    with pytest.raises(InvalidInput, match=r"cssrs\.q2: .*true or false"):
        Screener(q2=slip)  # type: ignore[arg-type]  # that it is refused when run


@pytest.mark.hazard(10)
def test_each_reason_has_the_level_the_table_gives() -> None:
    spec = {row["trigger"]: row["level"] for row in rows("alert_levels.csv")}
    assert {str(trigger): str(level) for trigger, level in LEVELS.items()} == spec
    assert set(LEVELS) == set(Trigger)


@pytest.mark.hazard(10)
def test_item_9_raises_what_its_answer_calls_for() -> None:
    assert [item_9_trigger(answer) for answer in (None, 0, 1, 2, 3)] == [
        Trigger.ITEM_9_SKIPPED,
        None,
        Trigger.ITEM_9_SOME,
        Trigger.ITEM_9_OFTEN,
        Trigger.ITEM_9_OFTEN,
    ]


def test_the_more_urgent_of_two_reasons_decides() -> None:
    risk = Risk(Tier.LOW, ("q3",))
    assert risk.triggers == (Trigger.LOW_TIER, Trigger.INCOMPLETE)
    assert risk.level is AlertLevel.URGENT
