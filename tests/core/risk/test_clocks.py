"""An alert that falls due too late is an alert nobody answers."""

import csv
from datetime import UTC, datetime, time, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone.errors import InvalidInput
from kapstone.risk import CLOCKS, AlertLevel, WorkingHours, due_times

SPEC = Path(__file__).parents[2] / "spec"
STEPS = ("backup", "everyone", "first_contact", "disposition")
ZONES = st.sampled_from(
    [
        "America/New_York",
        "America/Sao_Paulo",
        "Africa/Cairo",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "UTC",
    ]
).map(ZoneInfo)
HOURS = st.builds(
    WorkingHours,
    zone=ZONES,
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    morning=st.times(),
)
INSTANTS = st.datetimes(
    *(datetime(year, 1, 1) for year in (2010, 2035)),  # noqa: DTZ001 - made aware by `timezones`
    timezones=st.just(UTC),
)


def rows(name: str) -> list[dict[str, str]]:
    with (SPEC / name).open() as table:
        return list(csv.DictReader(table))


def test_the_clocks_are_those_of_the_table() -> None:
    found = [
        {"level": str(level)} | {step: str(getattr(clock, step) or "") for step in STEPS}
        for level, clock in CLOCKS.items()
    ]
    assert found == rows("alert_clocks.csv")


@pytest.mark.hazard(10)
@pytest.mark.parametrize(
    "row", rows("alert_due_times.csv"), ids=lambda row: f"{row['level']}: {row['why']}"
)
def test_each_step_falls_due_when_the_table_says(row: dict[str, str]) -> None:
    zone = ZoneInfo(row["zone"])
    raised_at = datetime.fromisoformat(row["raised"]).replace(tzinfo=zone)
    due = due_times(AlertLevel(row["level"]), raised_at, WorkingHours(zone))
    for step in STEPS:
        instant = getattr(due, f"{step}_due_at")
        local = instant.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if instant else ""
        assert local == row[step], step
        assert instant is None or instant.tzinfo is UTC


def test_the_night_the_clocks_go_back_an_hour_is_still_an_hour() -> None:
    zone = ZoneInfo("America/New_York")
    raised_at = datetime(2026, 11, 1, 1, 30, tzinfo=zone)
    due = due_times(AlertLevel.URGENT, raised_at, WorkingHours(zone))
    assert due.everyone_due_at == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert due.disposition_due_at == datetime(2026, 11, 2, 5, 0, tzinfo=UTC)


@given(INSTANTS, HOURS, st.sampled_from([AlertLevel.IMMEDIATE, AlertLevel.URGENT]))
def test_steps_run_out_in_order_and_on_the_same_day(
    at: datetime, hours: WorkingHours, level: AlertLevel
) -> None:
    due = due_times(level, at, hours)
    assert due.backup_due_at is not None
    assert due.everyone_due_at is not None
    assert due.first_contact_due_at is not None
    assert due.disposition_due_at is not None
    assert at < due.backup_due_at < due.everyone_due_at < due.first_contact_due_at
    assert at < due.disposition_due_at
    last = due.disposition_due_at - timedelta(microseconds=1)
    assert last.astimezone(hours.zone).date() == at.astimezone(hours.zone).date()


@given(INSTANTS, HOURS)
def test_a_review_waits_for_the_next_two_working_mornings(
    at: datetime, hours: WorkingHours
) -> None:
    due = due_times(AlertLevel.REVIEW, at, hours)
    assert due.backup_due_at is not None
    assert due.everyone_due_at is not None
    assert at < due.backup_due_at < due.everyone_due_at
    assert due.everyone_due_at - at <= timedelta(days=16)
    for instant in (due.backup_due_at, due.everyone_due_at):
        assert instant.astimezone(hours.zone).weekday() in hours.weekdays


@given(st.lists(INSTANTS, min_size=2), HOURS, st.sampled_from(list(AlertLevel)))
def test_a_later_alert_never_falls_due_before_an_earlier_one(
    instants: list[datetime], hours: WorkingHours, level: AlertLevel
) -> None:
    for first, second in pairwise(due_times(level, at, hours) for at in sorted(instants)):
        for step in STEPS:
            earlier, later = (getattr(due, f"{step}_due_at") for due in (first, second))
            assert earlier is None or earlier <= later


@given(INSTANTS, HOURS, st.sampled_from(list(AlertLevel)), st.integers(-14, 14))
def test_the_zone_an_instant_is_written_in_changes_nothing(
    at: datetime, hours: WorkingHours, level: AlertLevel, offset_h: int
) -> None:
    written = at.astimezone(timezone(timedelta(hours=offset_h)))
    assert due_times(level, written, hours) == due_times(level, at, hours)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="raised_at: has no time zone"):
        due_times(AlertLevel.INFO, datetime(2026, 1, 1), WorkingHours(ZoneInfo("UTC")))  # noqa: DTZ001 - refused


@pytest.mark.parametrize(
    ("weekdays", "morning", "key"),
    [
        (frozenset(), time(8), "weekdays"),
        (frozenset({7}), time(8), "weekdays"),
        (frozenset({0}), time(8, tzinfo=UTC), "morning"),
    ],
)
def test_a_calendar_without_working_mornings_is_refused(
    weekdays: frozenset[int], morning: time, key: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        WorkingHours(ZoneInfo("UTC"), weekdays, morning)
    assert caught.value.key == key
