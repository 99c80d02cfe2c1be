"""What a prescriber has to decide before a series goes on: pure, the same whenever it is asked.

Source: protocol 4.3 (SER-04, SER-05, SER-08, SER-09, SER-10) and 9 (DEF-08).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from kapstone.findings import Finding
from kapstone.series.rows import Evaluation, Hold, content


class State(StrEnum):
    """Where one evaluation stands."""

    AHEAD = "ahead"
    WAITS = "waits for a prescriber"
    DECIDED = "decided"
    NOTHING = "nothing to decide"


@dataclass(frozen=True, slots=True)
class Reading:
    """The main score of one occasion against its baseline, in percent of the way to the better.

    recall_days: how far back from `at` its questions reach.
    """

    at: datetime
    improvement_pct: Decimal | None
    recall_days: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """A prescriber decided at a moment on what waited then, by key of the evaluation or hold."""

    at: datetime
    keys: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What happened in one series so far.

    doses: when each was begun, oldest first. readings: in any order, only those since the first
    dose. maintenance_since: None before maintenance.
    """

    doses: tuple[datetime, ...] = ()
    readings: tuple[Reading, ...] = ()
    decisions: tuple[Decided, ...] = ()
    maintenance_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One evaluation at a moment, and why. due_at, due_dose_number: when it comes, if known.

    due_dose_number: it is weighed before this dose is booked.
    """

    row: Evaluation
    state: State
    why: str = ""
    due_at: datetime | None = None
    due_dose_number: int | None = None

    @property
    def blocks(self) -> bool:
        """Whether nothing more is booked until it is decided."""
        return self.state is State.WAITS and self.row.blocks


def rows_of(phase: str) -> tuple[Evaluation, ...]:
    """The evaluations of a phase: "maintenance", or "" before it."""
    return tuple(row for row in content().evaluations if row.phase == phase)


def standings(course: Course, at: datetime) -> tuple[Standing, ...]:
    """Every evaluation of the present phase at a moment."""
    phase = "maintenance" if course.maintenance_since else ""
    return tuple(_standing(row, course, at) for row in rows_of(phase))


def _standing(row: Evaluation, course: Course, at: datetime) -> Standing:
    if row.after_doses:
        return _response(row, course)
    if row.every_days is not None and course.maintenance_since is not None:
        every = timedelta(days=row.every_days)
        return _repeated(row, every, course, since=course.maintenance_since, at=at)
    return _once(row, course, at)


def _response(row: Evaluation, course: Course) -> Standing:
    """Weighed at each number of doses; a decision since that dose settles it until the next."""
    count = len(course.doses)
    reached = [number for number in row.after_doses if number <= count]
    ahead = next((number + 1 for number in row.after_doses if number > count), None)
    if not reached:
        return Standing(row, State.AHEAD, due_dose_number=ahead)
    since = course.doses[reached[-1] - 1]
    if _decided(row, course, since):
        return Standing(row, State.DECIDED, due_dose_number=ahead)
    later = [each for each in course.readings if each.at >= since and _tells(each, course.doses)]
    known = [each for each in later if each.improvement_pct is not None]
    newest = max(known, key=lambda each: each.at, default=None)
    if newest is None or newest.improvement_pct is None:
        why = f"No score about the days since dose {reached[-1]} alone says whether it helps."
        return Standing(row, State.WAITS, why, due_dose_number=ahead)
    percent, below = newest.improvement_pct, row.improvement_below_pct[-1]
    if percent >= below:
        return Standing(row, State.NOTHING, f"{percent} % better", due_dose_number=ahead)
    moved = f"{percent} % better" if percent >= 0 else f"{-percent} % worse"
    why = f"{moved} after {count} doses, where {below} % better is asked."
    return Standing(row, State.WAITS, why, due_dose_number=ahead)


def _tells(reading: Reading, doses: Iterable[datetime]) -> bool:
    """Whether its days lie wholly after the last dose before it: older ones say nothing of that."""
    before = [dose for dose in doses if dose <= reading.at]
    return not before or reading.at - max(before) >= timedelta(days=reading.recall_days)


def _once(row: Evaluation, course: Course, at: datetime) -> Standing:
    """Due on a day or before a dose, whichever comes first; decided once."""
    begun = course.maintenance_since or next(iter(course.doses), None)
    if begun is None:
        return Standing(row, State.AHEAD, due_dose_number=row.before_dose_number)
    due_at = begun + timedelta(days=row.day) if row.day is not None else None
    if _decided(row, course, begun):
        return Standing(row, State.DECIDED)
    by_dose = row.before_dose_number is not None and len(course.doses) >= row.before_dose_number - 1
    by_day = due_at is not None and at >= due_at
    if not (by_dose or by_day):
        return Standing(row, State.AHEAD, due_at=due_at, due_dose_number=row.before_dose_number)
    if row.gap_below_days is not None and not _closer(course.doses, row.gap_below_days):
        return Standing(row, State.NOTHING, "The last doses lie far enough apart.")
    why = f"The next dose would be number {len(course.doses) + 1}." if by_dose else ""
    return Standing(row, State.WAITS, why or f"Day {(at - begun).days} has come.", due_at)


def _repeated(
    row: Evaluation, every: timedelta, course: Course, *, since: datetime, at: datetime
) -> Standing:
    last = max((each.at for each in course.decisions if row.key in each.keys), default=since)
    due_at = max(since, last) + every
    return Standing(row, State.WAITS if at >= due_at else State.AHEAD, due_at=due_at)


def _decided(row: Evaluation, course: Course, since: datetime) -> bool:
    return any(row.key in each.keys and each.at >= since for each in course.decisions)


def _closer(doses: Sequence[datetime], days: int) -> bool:
    return len(doses) > 1 and doses[-1] - doses[-2] < timedelta(days=days)


def held(
    findings: Iterable[Finding], said: Collection[str] = (), decided: Collection[str] = ()
) -> tuple[Hold, ...]:
    """Why the series is held now (SER-10). said: what the clinic reads elsewhere, in a row's words.

    decided: keys of holds on which a prescriber decided since they arose.
    """
    found = list(findings)
    codes, severities = {each.code for each in found}, {str(each.severity) for each in found}
    return tuple(
        row
        for row in content().holds
        if row.key not in decided
        and (row.finding in codes or row.severity in severities or row.said in said)
    )
