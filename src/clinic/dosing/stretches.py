"""A stretch of a device's stream that was no sign of the person: picked, marked, counted, shown."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from clinic.dosing import forms, lines, words
from clinic.dosing.kinds import Chart
from clinic.dosing.models import SessionEvent
from kapstone.errors import InvalidInput
from kapstone.monitoring.events import STREAMED, Event, Kind
from kapstone.monitoring.marks import marked_names
from kapstone.monitoring.vitals import Reading, parameters

LONGEST = timedelta(hours=2)  # two times in the wrong order would reach back to yesterday
SAMPLES_LISTED = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a sample, and whether somebody marked it."""

    words: str
    artefact: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample of the stream, a cell for each parameter that the device speaks of."""

    observed_at: datetime
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A mark that stands, with how many samples it is of."""

    row: SessionEvent
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Stream:
    """What a session's devices said: the newest samples, and all that is marked of them.

    keys: key, words and unit of each parameter that was spoken of.
    """

    keys: tuple[tuple[str, str, str], ...]
    samples: tuple[Sample, ...]
    stretches: tuple[Stretch, ...]


def told(posted: forms.Posted, at: datetime) -> Chart:
    """The mark that a form asks for. Raises InvalidInput."""
    key = posted.get("marks_key", "")
    if key not in STREAMED:
        raise InvalidInput("what", "is missing.", "Choose what the device measured.")
    until = _moment("until", posted, at)
    until = min(until + _rest(posted.get("until", "")), at)
    began = _moment("from", posted, until)
    if until - began > LONGEST:
        raise InvalidInput("from", "lies more than 2 hours before the end.", "Check both times.")
    body = {"marks_key": key, "lasted_s": (until - began).total_seconds()}
    chart = forms.chart_from({**posted, "kind": str(Kind.ARTEFACT)}, at)
    return replace(chart, observed_at=until, body=body)


def _moment(key: str, posted: forms.Posted, latest: datetime) -> datetime:
    """The last time the clock showed it, over midnight too and where an hour came twice."""
    try:
        shown = time.fromisoformat(posted.get(key, "").strip())
    except ValueError:
        raise InvalidInput(key, "is no time.", "Give it as 14:03:20.") from None
    zone, today = timezone.get_current_timezone(), timezone.localdate(latest)
    found = (
        datetime.combine(today - timedelta(days=back), shown.replace(fold=fold), zone).astimezone(
            UTC
        )
        for back in (0, 1)
        for fold in (0, 1)
    )
    return max(one for one in found if one <= latest)


def _rest(written: str) -> timedelta:
    """What is left of the second that was typed, or of the minute: the end is part of a stretch."""
    whole = timedelta(seconds=1) if sum(map(str.isdigit, written)) > 4 else timedelta(minutes=1)
    return whole - timedelta(microseconds=1)


def _marks(known: lines.Known) -> list[tuple[SessionEvent, Event]]:
    """The stretches that stand, with what the core makes of them."""
    replaced = {row.replaces_id for row in known.rows}
    rows = {
        row.number: row
        for row in known.rows
        if row.kind == Kind.ARTEFACT and "marks_key" in row.body and row.pk not in replaced
    }
    return [(rows[one.number], one) for one in known.events if one.number in rows]


def _samples(known: lines.Known) -> list[Reading]:
    found = (one.reading() for one in known.events if one.kind is Kind.SAMPLE)
    return [one for one in found if one]


def stretches(known: lines.Known) -> tuple[Stretch, ...]:
    """The marks that stand, each with the number of its samples."""
    marks = _marks(known)
    samples = _samples(known) if marks else []
    return tuple(
        Stretch(row, words.of(row), sum(bool(marked_names(mark, one)) for one in samples))
        for row, mark in marks
    )


def count(known: lines.Known) -> int:
    """How many samples are marked, each once."""
    marks = [mark for _, mark in _marks(known)]
    if not marks:
        return 0
    return sum(any(marked_names(mark, one) for mark in marks) for one in _samples(known))


def stream(known: lines.Known) -> Stream:
    """What the page of the stream shows, the newest sample first."""
    samples = sorted(_samples(known), key=lambda one: (one.observed_at, one.number), reverse=True)
    named = {name for one in samples for name in one.values}
    keys = tuple(
        (key, words.streamed(key), parameters()[names[0]].unit)
        for key, names in STREAMED.items()
        if named & {*names}
    )
    marks = [mark for _, mark in _marks(known)]
    listed = (_listed(one, marks, [key for key, *_ in keys]) for one in samples[:SAMPLES_LISTED])
    return Stream(keys, tuple(listed), stretches(known))


def _listed(one: Reading, marks: list[Event], keys: list[str]) -> Sample:
    marked = {name for mark in marks for name in marked_names(mark, one)}
    cells = (
        Cell(_figure(one, STREAMED[key]), not marked.isdisjoint(STREAMED[key])) for key in keys
    )
    return Sample(one.observed_at, tuple(cells))


def _figure(one: Reading, names: tuple[str, ...]) -> str:
    return "/".join(_value(one, name) for name in names if name in one.values)


def _value(one: Reading, name: str) -> str:
    value = one.values[name]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{Decimal(value).normalize():f}"
