"""From what happened to what is due: pure, and the same whenever it is asked.

Source: protocol section 9 (times) and 8.3 (INT-04).
"""

from calendar import monthrange
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kapstone.monitoring.moments import utc
from kapstone.schedule.rows import Anchor, Row

NEW_DOSE = "a new dose was given before it was due"
ENDED = "the episode of care ended"
ASKED_ANYWAY = "the same is asked after a dose on that day"


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose that was given. at: when it ended, or was given in one go. key: the caller's own."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """From `since` on until `until` the person is to be asked every day; None: until now."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What happened in one episode so far, and the person's own zone.

    induction_doses: how many are planned; the last of them is the dose of that number.
    wishes: the times in which somebody wished to be asked every day.
    """

    zone: ZoneInfo
    referred_at: datetime
    doses: tuple[Dose, ...] = ()
    induction_doses: int | None = None
    maintenance_since: datetime | None = None
    ended_at: datetime | None = None
    wishes: tuple[Wish, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What makes two items the same one, however its times move: row, what is asked, anchor."""

    row: str
    ask: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be asked once, within its window. All moments are UTC.

    closes_at None: open without an end yet. void_since: from then on it is not asked, and why.
    """

    kept: Kept
    opens_at: datetime
    due_at: datetime
    closes_at: datetime | None
    void_since: datetime | None = None
    why: str = ""


def items(rows: Sequence[Row], course: Course, now: datetime) -> tuple[Item, ...]:
    """Everything this course calls for, by the moment it is due.

    A row of the calendar or of wished days gives what has opened by `now`; every other row gives
    an item as soon as its anchor is there.
    """
    in_order = sorted(course.doses, key=lambda dose: utc("dose", dose.at))
    course = replace(course, doses=tuple(in_order))
    found = [item for row in rows for item in _row(row, course, now)]
    wished = {row.id for row in rows if row.relative_to is Anchor.WISHED_DAY}
    found = _once_a_day(found, wished, course.zone)
    return tuple(sorted(found, key=lambda item: (item.due_at, item.kept.row, item.kept.ask)))


def _row(row: Row, course: Course, now: datetime) -> Iterator[Item]:
    for anchor, at in _anchors(row, course, now):
        item = _voided(_placed(row, course, anchor, at), row, course, at)
        for ask in row.ask:
            yield replace(item, kept=Kept(row.id, ask, anchor))


def _anchors(row: Row, course: Course, now: datetime) -> Sequence[tuple[str, datetime]]:
    doses = [(dose.key, dose.at) for dose in course.doses]
    last = course.induction_doses
    found = {
        Anchor.REFERRAL: [("", course.referred_at)],
        Anchor.FIRST_DOSE: doses[:1],
        Anchor.EACH_DOSE: doses,
        Anchor.LAST_INDUCTION_DOSE: doses[last - 1 : last] if last else [],
        Anchor.CALENDAR: list(_months(row, course, now)) if row.every_months else [],
        Anchor.WISHED_DAY: list(_wished_days(row, course, now)),
    }
    return found[row.relative_to]


def _months(row: Row, course: Course, now: datetime) -> Iterator[tuple[str, datetime]]:
    """Noon of the same day of each month; a month that lacks the day takes its last."""
    if course.maintenance_since is None:
        return
    began = course.maintenance_since.astimezone(course.zone)
    count = row.every_months
    while True:
        years, month = divmod(began.month - 1 + count, 12)
        year = began.year + years
        day = min(began.day, monthrange(year, month + 1)[1])
        at = datetime(year, month + 1, day, 12, tzinfo=course.zone)
        if row.opens.after(at, course.zone) > now:
            return
        yield f"{at:%Y-%m-%d}", at
        count += row.every_months


def _wished_days(row: Row, course: Course, now: datetime) -> Iterator[tuple[str, datetime]]:
    """Noon of each day whose hour of asking a wish covers."""
    for wish in course.wishes if row.relative_to is Anchor.WISHED_DAY else ():
        day = wish.since.astimezone(course.zone).date()
        while True:
            at = datetime.combine(day, time(12), course.zone)
            opens = row.opens.after(at, course.zone)
            if opens > now or (wish.until is not None and opens >= wish.until):
                break
            if opens >= wish.since:
                yield f"{day:%Y-%m-%d}", at
            day += timedelta(days=1)


def _once_a_day(found: Sequence[Item], wished: Collection[str], zone: ZoneInfo) -> list[Item]:
    """A wished day stands back where a dose calls for the same on it."""

    def day_of(item: Item) -> tuple[str, date]:
        return item.kept.ask, item.due_at.astimezone(zone).date()

    asked = {
        day_of(item) for item in found if item.kept.row not in wished and item.void_since is None
    }
    return [
        replace(item, void_since=item.opens_at, why=ASKED_ANYWAY)
        if item.kept.row in wished and item.void_since is None and day_of(item) in asked
        else item
        for item in found
    ]


def _placed(row: Row, course: Course, anchor: str, at: datetime) -> Item:
    opens, due = (offset.after(at, course.zone) for offset in (row.opens, row.due))
    if row.closes is not None:
        closes = row.closes.after(at, course.zone)
        return Item(Kept(row.id, "", anchor), opens, due, closes)
    before = timedelta(days=row.counts_from_days_before)
    if not course.doses:
        return Item(Kept(row.id, "", anchor), opens - before, due, None)
    first = utc("dose", course.doses[0].at)
    if first <= opens:
        return Item(Kept(row.id, "", anchor), opens, due, None, opens, "the first dose came before")
    return Item(Kept(row.id, "", anchor), first - before, max(first - before, due), first)


def _voided(item: Item, row: Row, course: Course, anchor: datetime) -> Item:
    """Not asked from the earliest of: void already, the next dose, the end of the episode."""
    found = [(item.void_since, item.why)] if item.void_since else []
    if row.reset_by_dose:
        doses = (utc("dose", dose.at) for dose in course.doses)
        found += [(at, NEW_DOSE) for at in doses if anchor < at < item.due_at]
    if course.ended_at and (item.closes_at is None or course.ended_at < item.closes_at):
        found.append((utc("end", course.ended_at), ENDED))
    if not found:
        return item
    since, why = min(found)
    return replace(item, void_since=since, why=why)
