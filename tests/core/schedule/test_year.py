"""A year of doses and both nights that the clocks change: nobody is asked an hour off or twice."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kapstone.schedule import Course, Dose, Item, content, items

DAY = timedelta(days=1)
ROWS = content().rows
# zone, evening before the clocks go forward, before they go back, by how many minutes they move.
# Source: the tz database; each night is checked against it below.
NIGHTS = [
    ("America/New_York", date(2026, 3, 7), date(2026, 10, 31), 60),
    ("Europe/Berlin", date(2026, 3, 28), date(2026, 10, 24), 60),
    ("Australia/Sydney", date(2026, 10, 3), date(2026, 4, 4), 60),
    ("Australia/Lord_Howe", date(2026, 10, 3), date(2026, 4, 4), 30),
]
CHANGES = [
    (zone, night, sign * minutes)
    for zone, forward, back, minutes in NIGHTS
    for night, sign in ((forward, 1), (back, -1))
]


def asked(zone: ZoneInfo, *doses: datetime, **told: object) -> list[Item]:
    """What these doses call for, of PHQ-9 and the call alone."""
    course = Course(
        zone=zone,
        referred_at=min(doses) - 14 * DAY,
        doses=tuple(Dose(str(number), at) for number, at in enumerate(doses)),
        **told,  # type: ignore[arg-type]  # the fields by name
    )
    found = items(ROWS, course, max(doses) + 400 * DAY)
    return [item for item in found if item.kept.ask in ("phq9", "check_in")]


def only(found: list[Item], row: str) -> Item:
    (item,) = [each for each in found if each.kept.row == row]
    return item


@pytest.mark.hazard(16)
@pytest.mark.parametrize(("name", "night", "minutes"), CHANGES)
def test_across_a_change_hours_are_elapsed_and_days_keep_their_hour_on_the_wall(
    name: str, night: date, minutes: int
) -> None:
    zone = ZoneInfo(name)
    dose = datetime.combine(night, time(20), zone)
    moved = datetime.combine(night + DAY, time(20), zone).utcoffset() - dose.utcoffset()
    assert moved == timedelta(minutes=minutes)
    found = asked(zone, dose)
    check = only(found, "OUT-24")
    assert check.due_at - dose.astimezone(UTC) == timedelta(hours=24)
    on_the_wall = datetime.combine(night + DAY, time(20)) + timedelta(minutes=minutes)
    assert check.due_at.astimezone(zone).replace(tzinfo=None) == on_the_wall
    assert check.closes_at is not None
    assert check.closes_at - check.opens_at == timedelta(hours=28)
    seventh = only(found, "OUT-7D")
    assert seventh.due_at == datetime.combine(night + 7 * DAY, time(9), zone).astimezone(UTC)
    assert seventh.closes_at == datetime.combine(night + 10 * DAY, time(0), zone).astimezone(UTC)


@pytest.mark.hazard(16)
@pytest.mark.parametrize("name", [zone for zone, *_ in NIGHTS])
def test_a_year_of_doses_asks_each_person_each_thing_once_at_its_hour(name: str) -> None:
    """Two a week for three weeks, then one a week to the year's end, at two in the afternoon."""
    zone, first = ZoneInfo(name), date(2026, 1, 6)
    days = [first + each * DAY for each in (0, 3, 7, 10, 14, 17, *range(24, 365, 7))]
    doses = [datetime.combine(day, time(14), zone) for day in days]
    since = doses[5]
    found = asked(zone, *doses, induction_doses=6, maintenance_since=since)
    assert max(Counter(item.kept for item in found).values()) == 1
    calls = [item for item in found if item.kept.row == "OUT-24"]
    assert [item.due_at for item in calls] == [each.astimezone(UTC) + DAY for each in doses]
    assert {item.void_since for item in calls} == {None}
    sevenths = {int(item.kept.anchor): item for item in found if item.kept.row == "OUT-7D"}
    for number, day in enumerate(days):
        item = sevenths[number]
        assert item.due_at == datetime.combine(day + 7 * DAY, time(9), zone).astimezone(UTC)
        # A weekly dose at two comes after its own day 7 at nine; one after 3 days resets it.
        following = days[number + 1] - day if number + 1 < len(days) else 7 * DAY
        assert (item.void_since is None) == (following == 7 * DAY)
    months = [item for item in found if item.kept.row == "OUT-M"]
    assert {item.due_at.astimezone(zone).strftime("%d %H:%M") for item in months} == {"23 09:00"}
    named = [item.kept.anchor[:7] for item in months]
    assert len(set(named)) == len(named)
    assert named[:3] == ["2026-02", "2026-03", "2026-04"]
