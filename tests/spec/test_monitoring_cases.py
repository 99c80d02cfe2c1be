"""No row of monitoring without a case that meets it and one that just does not."""

import ast
import csv
from pathlib import Path

import pytest

from kapstone import adverse
from kapstone.monitoring.alarms import alarm_rows
from kapstone.monitoring.criteria import criteria
from kapstone.monitoring.pathways import pathways
from kapstone.monitoring.schedules import CHANNELS, schedules

ROOT = Path(__file__).parents[2]
# No alarm leads to these: somebody sees it, and opens the steps.
SEEN_BY_SOMEBODY = {"PATH-EM", "PATH-ANA", "PATH-FALL", "PATH-ELOPE", "PATH-MANIA/PSYCH"}
OF_THE_CLINIC = {
    "DIS-12": (
        "tests/clinic/adverse/test_monitoring_form.py",
        "test_nobody_is_let_go_before_the_form_is_open_and_one_tap_opens_it",
    ),
    "DIS-13": (
        "tests/clinic/adverse/test_leaving.py",
        "test_nothing_filled_in_holds_nobody_and_each_gap_is_somebodys_task",
    ),
}


def table(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def met_and_just_not(rule: str, tier: str) -> bool:
    """Whether two cases of one limit differ in that one of them calls at this tier."""
    cases = [case for case in table("alarm_cases.csv") if case["rule"] == rule]
    met = {case["limit"] for case in cases if case["tier"] == tier}
    less = {case["limit"] for case in cases if case["tier"] == "-" or case["tier"] < tier}
    return bool(met & less)


JUDGED = [row for row in alarm_rows() if not any(one.too_old for one in row.triggers)]


@pytest.mark.parametrize("row", JUDGED, ids=lambda row: f"{row.rule} {row.tier} {row.band or ''}")
def test_an_alarm_has_a_case_that_calls_and_one_that_just_does_not(row) -> None:
    assert met_and_just_not(".".join(filter(None, (row.rule, row.band))), row.tier)


def test_every_case_is_of_an_alarm_that_is_there() -> None:
    known = {(".".join(filter(None, (r.rule, r.band))), str(r.tier)) for r in alarm_rows()}
    told = {(case["rule"], case["tier"]) for case in table("alarm_cases.csv")}
    assert {one for one in told if one[1] != "-"} <= known


def test_each_age_has_its_limit() -> None:
    """A device's is one for all: 10 s, tests/spec/test_ageing.py and test_follow_nights.py."""
    bands = {row.band for row in alarm_rows() if row.rule == "ALM-OLD"}
    assert bands == {row["channel"] for row in table("age_limits.csv")} == set(CHANNELS)
    routes = {(row["product"], row["route"]) for row in table("age_limits.csv")}
    assert routes == {(plan.product, plan.route) for plan in schedules()}


def test_each_channel_of_each_plan_has_its_moments() -> None:
    told = {(row["product"], row["route"], row["channel"]) for row in table("schedule_moments.csv")}
    assert told == {(p.product, p.route, name) for p in schedules() for name in CHANNELS}


def test_each_pathway_is_led_to_by_an_alarm_with_both_cases_or_opened_by_somebody() -> None:
    led = {row.pathway for row in JUDGED if row.pathway}
    assert led | SEEN_BY_SOMEBODY == {one.id for one in pathways()}
    assert not led & SEEN_BY_SOMEBODY


def test_each_discharge_row_has_a_case_that_meets_it_and_one_that_just_does_not() -> None:
    states: dict[str, set[str]] = {}
    for case in table("discharge_cases.csv"):
        states.setdefault(case["id"], set()).add(case["state"])
    timed = {(row["id"], row["product"]) for row in table("discharge_times.csv")}
    for row in criteria():
        if row.id == "DIS-01":
            assert (row.id, row.product) in timed
        elif row.id != "MON-INE":  # both sides of its window: test_follow_nights.py
            assert {"met", "unmet"} <= states[row.id], row.id
    routes = {(row["product"], row["route"]) for row in table("discharge_times.csv")}
    assert routes == {(plan.product, plan.route) for plan in schedules()}


def test_the_discharge_rows_of_the_clinic_have_their_tests() -> None:
    rows = {row["id"] for row in table("discharge_rows.csv") if row["where"] == "clinic"}
    assert rows == OF_THE_CLINIC.keys()
    for path, name in OF_THE_CLINIC.values():
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_what_may_lack_of_a_departure_has_both_cases() -> None:
    told = {(row["id"], bool(row["due_h"])) for row in table("departure_cases.csv")}
    rows = {row.id for row in adverse.content().due if row.id.startswith("DIS-13")}
    assert told == {(name, due) for name in rows for due in (True, False)}
