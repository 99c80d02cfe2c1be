"""What makes an event serious, what its figures give, and what is due to whom, case by case."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kapstone import adverse
from kapstone.adverse import Happened

HERE = Path(__file__).parent
ZONE = ZoneInfo("America/New_York")
SAID = {"yes": True, "no": False, "unknown": None}


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def moment(told: str) -> datetime:
    return datetime.fromisoformat(told).replace(tzinfo=UTC)


@pytest.mark.hazard(28)
@pytest.mark.parametrize("row", rows("adverse_serious.csv"), ids=lambda row: row["why"])
def test_any_one_criterion_makes_it_serious_and_silence_is_no_no(row: dict[str, str]) -> None:
    criteria = [name for name in row["criteria"].split("|") if name]
    assert adverse.serious(criteria, SAID[row["judged"]] is True) is SAID[row["serious"]]


@pytest.mark.parametrize("row", rows("adverse_pressure_grades.csv"), ids=lambda row: row["why"])
def test_the_scales_figures_for_a_pressure(row: dict[str, str]) -> None:
    found = adverse.pressure_grade(Decimal(row["systolic"]), Decimal(row["diastolic"]))
    assert found == (int(row["grade"]) if row["grade"] else None)


@pytest.mark.hazard(28)
@pytest.mark.parametrize("row", rows("adverse_due.csv"), ids=lambda row: row["why"])
def test_what_is_due_about_an_event(row: dict[str, str]) -> None:
    event = Happened(
        term=row["term"],
        aware_at=moment("2026-03-04T17:00"),
        serious=SAID[row["serious"]],
        grade=int(row["grade"]) if row["grade"] else None,
        product=row["product"],
        inpatient=SAID[row["inpatient"]] is True,
    )
    found = [due.row.id for due in adverse.due_of_event(event, ZONE)]
    assert sorted(found) == sorted(filter(None, row["due"].split("|")))


def test_nobody_is_an_inpatient_unless_somebody_said_so() -> None:
    at = moment("2026-03-04T17:00")
    event = Happened("Dizziness", at, serious=False, grade=1, product="ESKETAMINE")
    assert adverse.due_of_event(event, ZONE) == ()


@pytest.mark.hazard(16)
@pytest.mark.parametrize("row", rows("adverse_due_times.csv"), ids=lambda row: row["why"])
def test_by_when(row: dict[str, str]) -> None:
    event = Happened(
        "Product quality issue",
        moment(row["since"]),
        serious=None,
        grade=None,
        product=row["product"],
        inpatient=SAID[row["inpatient"]] is True,
    )
    found = {due.row.id: due.due_at for due in adverse.due_of_event(event, ZONE)}
    assert found[row["row"]] == (moment(row["due"]) if row["due"] else None)


def test_each_duty_of_an_event_has_its_time() -> None:
    told = {row["row"] for row in rows("adverse_due_times.csv")}
    assert told == {row.id for row in adverse.content().due if row.about == "event"}


@pytest.mark.hazard(28)
def test_the_form_is_due_seven_days_after_the_first_device_of_esketamine_alone() -> None:
    at = moment("2026-04-01T15:00")
    (due,) = adverse.due_of_session("ESKETAMINE", at, ZONE)
    assert (due.row.id, due.due_at) == ("AE-FORM", moment("2026-04-08T15:00"))
    assert adverse.due_of_session("RACEMIC", at, ZONE) == ()
    assert adverse.due_of_session("ESKETAMINE", at, ZONE, inpatient=True) == ()


def test_what_lacks_of_a_departure_is_somebodys_task_within_the_hour_or_the_day() -> None:
    at, lacks = moment("2026-04-01T15:00"), {"capacity", "prescriber", "escort", "comment"}
    found = {
        due.row.id: due.due_at for due in adverse.due_of_departure("ESKETAMINE", at, lacks, ZONE)
    }
    assert found == {
        "DIS-13.capacity": moment("2026-04-02T15:00"),
        "DIS-13.prescriber": moment("2026-04-01T16:00"),
        "DIS-13.escort": moment("2026-04-01T16:00"),
        "DIS-13.comment": moment("2026-04-02T15:00"),
    }
    racemic = adverse.due_of_departure("RACEMIC", at, {"comment"}, ZONE)
    assert racemic == (), "there is no form to write it on"
    assert adverse.due_of_departure("ESKETAMINE", at, set(), ZONE) == ()


@pytest.mark.hazard(14)
@pytest.mark.parametrize("row", rows("departure_cases.csv"), ids=lambda row: " ".join(row.values()))
def test_each_gap_of_a_departure_is_due_and_what_is_there_is_not(row: dict[str, str]) -> None:
    at = moment("2026-04-01T15:00")
    found = adverse.due_of_departure(row["product"], at, {row["lacks"]} - {""}, ZONE)
    due = {one.row.id: one.due_at - at for one in found}
    assert due == ({row["id"]: timedelta(hours=int(row["due_h"]))} if row["due_h"] else {})
