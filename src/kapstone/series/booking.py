"""Whether a dose may be booked for a moment: what is refused, and what needs a rationale.

Source: protocol 10.3 (GRD-01) and 4.3 (SER-01, SER-02).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kapstone.findings import Finding, Severity
from kapstone.series.judging import Course
from kapstone.series.rows import Spacing, content

WEEK = timedelta(days=7)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A dose that somebody wants to book. zone: the clinic's own, for calendar days."""

    product: str
    route: str
    at: datetime
    zone: ZoneInfo


def booking(course: Course, wanted: Wanted) -> tuple[Finding, ...]:
    """What stands against the booking, the hardest first.

    ABSOLUTE: refused, by anybody. RELATIVE: a prescriber says why, and only then. Days are calendar
    days, as on the day of the dose itself; hours are elapsed hours.
    """
    found = [*_frequency(course, wanted), *_spacing(course, wanted)]
    return tuple(sorted(found, key=lambda each: each.severity.rank))


def _frequency(course: Course, wanted: Wanted) -> Iterator[Finding]:
    row = content().frequency
    doses = _within(course, wanted, row.days)
    if doses >= row.doses:
        because = {"doses_last_7_days": doses}
        yield Finding(row.id, Severity.ABSOLUTE, row.message, because, row.source, row.mark)


def _spacing(course: Course, wanted: Wanted) -> Iterator[Finding]:
    week = (wanted.at - course.doses[0]) // WEEK + 1 if course.doses else 1
    for row in content().spacing:
        if row.is_for(wanted.product, wanted.route, week):
            yield from _against(row, course, wanted)


def _against(row: Spacing, course: Course, wanted: Wanted) -> Iterator[Finding]:
    gap = min((abs(wanted.at - dose) for dose in course.doses), default=None)
    if row.never_h is not None and gap is not None and gap < row.never_h * _HOUR:
        yield _finding(
            row, Severity.ABSOLUTE, "gap", f"{gap // _HOUR} h; never under {row.never_h} h"
        )
    elif row.gap_h is not None and gap is not None and gap < row.gap_h * _HOUR:
        yield _finding(row, Severity.RELATIVE, "gap", f"{gap // _HOUR} h since the last dose")
    in_week = _within(course, wanted, 7) + 1
    if in_week > row.most_per_week:
        yield _finding(row, Severity.RELATIVE, "count", f"{in_week} in 7 days")
    number, most = len(course.doses) + 1, row.most_doses
    if most is not None and number > most and course.maintenance_since is None:
        yield _finding(row, Severity.RELATIVE, "doses", f"dose {number} of the series")


def closer_than_planned(course: Course, wanted: Wanted, planned_days: int | None) -> int | None:
    """Calendar days to the nearest other dose, where the plan asks for more; else None.

    It is said and stops nothing: the plan's figure is the clinic's own.
    """
    on = _day(wanted.at, wanted)
    gaps = (abs((on - _day(dose, wanted)).days) for dose in course.doses)
    return min((gap for gap in gaps if planned_days and gap < planned_days), default=None)


def _day(at: datetime, wanted: Wanted) -> date:
    return at.astimezone(wanted.zone).date()


def _finding(row: Spacing, severity: Severity, what: str, said: str) -> Finding:
    named = f"{row.id} {row.band}".strip()
    return Finding(
        code=content().frequency.id,
        severity=severity,
        message=f"{said[0].upper()}{said[1:]}: {row.message} ({named}).",
        because={what: said},
        source=row.source,
        mark=row.mark,
        band=f"{named}: {what}",
        overridable_by=("prescriber",) if severity is Severity.RELATIVE else (),
    )


def _within(course: Course, wanted: Wanted, days: int) -> int:
    """Doses on the day wanted and on the calendar days before it, so many days in all."""
    last = _day(wanted.at, wanted)
    return sum(0 <= (last - _day(dose, wanted)).days < days for dose in course.doses)
