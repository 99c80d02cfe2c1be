"""When a score counts for a series, and when a booking is closer than the plan, case by case."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kapstone import series
from kapstone.series import Course, Reading, Wanted

HERE = Path(__file__).parent
DAY0 = datetime(2026, 3, 2, 15, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(number: str) -> datetime:
    return DAY0 + timedelta(days=float(number))


def reading(told: str) -> Reading:
    """Of day:percent:days of recall; "-" is a score that is missing."""
    at, percent, recall_days = told.split(":")
    known = None if percent == "-" else Decimal(percent)
    return Reading(day(at), known, int(recall_days))


def moment(told: str) -> datetime:
    return datetime.fromisoformat(told).replace(tzinfo=UTC)


@pytest.mark.parametrize("row", rows("series_response.csv"), ids=lambda row: row["why"])
def test_a_score_counts_once_its_days_lie_wholly_after_the_dose(row: dict[str, str]) -> None:
    """Else a person goes on with what does not help, by a score of the weeks before it."""
    course = Course(
        doses=tuple(map(day, row["doses_on"].split())),
        readings=tuple(map(reading, row["scores"].split())),
    )
    found = series.standings(course, day(row["at"]))
    state = next(each.state for each in found if each.row.key == "SER-05 after 4 doses")
    assert str(state).removesuffix(" for a prescriber") == row["state"]


@pytest.mark.parametrize("row", rows("series_planned_gap.csv"), ids=lambda row: row["why"])
def test_closer_than_the_plan_is_counted_in_calendar_days(row: dict[str, str]) -> None:
    course = Course(doses=tuple(map(moment, row["doses_at"].split())))
    wanted = Wanted("RACEMIC", "IM", moment(row["wanted_at"]), ZONE)
    planned_days = int(row["planned_days"]) if row["planned_days"] else None
    found = series.closer_than_planned(course, wanted, planned_days)
    assert found == (int(row["days"]) if row["days"] else None)
