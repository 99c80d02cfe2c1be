"""What is due to whom, and by when, computed from what set it off."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kapstone.adverse.rows import About, DueRow, content
from kapstone.monitoring.moments import utc


@dataclass(frozen=True, slots=True)
class Happened:
    """What the duties of an event are read from. serious None: nobody has said yet.

    grade: by what had to be done, or None. product: of the dose it belongs to; empty for none.
    """

    term: str
    aware_at: datetime
    serious: bool | None
    grade: int | None
    product: str = ""
    inpatient: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """One duty. due_at in UTC; None where it has no time limit."""

    row: DueRow
    due_at: datetime | None


def due_of_event(event: Happened, zone: ZoneInfo) -> tuple[Due, ...]:
    """Everything due about one event. What nobody has said counts as if it held."""
    return tuple(
        Due(row, _at(row, event.aware_at, zone))
        for row in _rows(About.EVENT, event.product)
        if row.inpatient in (None, event.inpatient) and _triggered(row, event)
    )


def due_of_session(
    product: str, first_at: datetime, zone: ZoneInfo, *, inpatient: bool = False
) -> tuple[Due, ...]:
    """What is due after a session. first_at: its first device."""
    rows = _rows(About.SESSION, product)
    return tuple(
        Due(row, _at(row, first_at, zone)) for row in rows if row.inpatient in (None, inpatient)
    )


def due_of_departure(
    product: str, left_at: datetime, lacks: Collection[str], zone: ZoneInfo
) -> tuple[Due, ...]:
    """What is still to be charted of somebody who left against advice."""
    rows = _rows(About.DEPARTURE, product)
    return tuple(Due(row, _at(row, left_at, zone)) for row in rows if row.lacks in lacks)


def due_again(row: DueRow, changed_at: datetime, zone: ZoneInfo) -> datetime | None:
    """By when what was sent is put right: the row's own time, counted from the change. Mark P."""
    return _at(row, changed_at, zone)


def _rows(about: About, product: str) -> Iterator[DueRow]:
    for row in content().due:
        if row.about is about and (not row.products or product in row.products):
            yield row


def _triggered(row: DueRow, event: Happened) -> bool:
    if not (row.serious or row.from_grade or row.terms):
        return True
    grave = row.from_grade is not None and (event.grade is None or event.grade >= row.from_grade)
    named = {term.casefold() for term in row.terms}
    return (
        (row.serious and event.serious is not False)
        or grave
        or event.term.strip().casefold() in named
    )


def _at(row: DueRow, since: datetime, zone: ZoneInfo) -> datetime | None:
    """Hours run on; a day is a calendar day, at the same time by the clinic's clock."""
    began = utc("since", since)
    if row.hours is not None:
        return began + timedelta(hours=row.hours)
    if row.days is None:
        return None
    # An hour that a clock change leaves out is taken as before it.
    return utc("since", began.astimezone(zone) + timedelta(days=row.days))
