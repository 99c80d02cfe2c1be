"""Which readings are due, which were missed, and when a value is too old to show.

Minutes count from the start of the dose. Source: protocol 6.1; reliability goal G9 (a value blanks
at twice its interval, a streamed one after 10 s).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache

from kapstone.errors import UnknownContent
from kapstone.monitoring.fields import Fields, table
from kapstone.monitoring.moments import minutes, utc
from kapstone.monitoring.readings import Readings
from kapstone.monitoring.vitals import Reading, age, parameters

# channel → what must be charted for a reading of it to be done
CHANNELS: Mapping[str, tuple[str, ...]] = {
    "bp_hr": ("systolic_mmhg", "diastolic_mmhg", "heart_rate_bpm"),
    "spo2": ("spo2_percent",),
    "rr_moaas": ("respiratory_rate_per_min", "moaas_score"),
    "nrs": ("dissociation_nrs_score", "anxiety_nrs_score", "nausea_nrs_score"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a channel's plan: fixed minutes, or an interval (shortest, longest) repeated.

    until_end: as long as the dose runs; the next step then counts from its end. times: how often;
    None is without end. before_discharge: once more when the least time to stay is over.
    """

    at: tuple[timedelta, ...]
    every: tuple[timedelta, ...]
    until_end: bool
    before_discharge: bool
    times: int | None


@dataclass(frozen=True, eq=False, slots=True)
class Schedule:
    """The plan of one product and route, by channel.

    stay_from_start, stay_after_end: how long the person stays at least, both of them.
    """

    id: str
    product: str
    route: str
    mark: str
    source: tuple[str, ...]
    channels: Mapping[str, tuple[Step, ...]]
    stay_from_start: timedelta
    stay_after_end: timedelta

    def stay(self, ran: timedelta) -> timedelta:
        """From the start of a dose that ran so long to the earliest discharge."""
        return max(self.stay_from_start, ran + self.stay_after_end)


@dataclass(frozen=True, slots=True)
class Slot:
    """A moment at which a channel is to be charted; `shortest` is the interval that leads to it."""

    at: timedelta
    early: timedelta
    shortest: timedelta


@dataclass(frozen=True, slots=True)
class Due:
    """A reading that is wanted at a moment. missed: not charted 5 min after it."""

    channel: str
    at: datetime
    missed: bool


@dataclass(frozen=True, slots=True)
class Dose:
    """When a dose ran. end is None while an infusion runs; for other routes the last part."""

    start: datetime
    end: datetime | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", utc("dose start", self.start))
        if self.end is not None:
            object.__setattr__(self, "end", utc("dose end", self.end))


@cache
def schedules() -> tuple[Schedule, ...]:
    """The committed plans."""
    return tuple(_schedule(row) for row in table("schedules").children("schedules"))


def schedule_for(product: str, route: str) -> Schedule:
    """The plan of a product and route; UnknownContent where there is none."""
    for one in schedules():
        if (one.product, one.route) == (product, route):
            return one
    raise UnknownContent(f"No monitoring schedule is held for {product} by {route}.")


def _schedule(row: Fields) -> Schedule:
    return Schedule(
        id=row.text("id"),
        product=row.text("product"),
        route=row.text("route"),
        mark=row.text("mark"),
        source=row.words("source"),
        channels={name: tuple(_step(step) for step in row.children(name)) for name in CHANNELS},
        stay_from_start=minutes(row.whole("stay_from_start_min")),
        stay_after_end=minutes(row.whole("stay_after_end_min")),
    )


def _step(row: Fields) -> Step:
    return Step(
        at=tuple(minutes(count) for count in row.integers("at")),
        every=tuple(minutes(count) for count in row.integers("every_min")),
        until_end=row.has("until"),
        before_discharge=row.has("before_discharge"),
        times=row.whole("times") if row.has("times") else None,
    )


def slots(schedule: Schedule, channel: str, ran: timedelta | None) -> Iterator[Slot]:
    """The moments of a channel in order, without end where the plan has none.

    ran: how long the dose took; None while it runs. A reading counts for a moment from 5 min, or
    half the interval, before it.
    """
    last = timedelta()
    stay = None if ran is None else schedule.stay(ran)
    for at, shortest in _moments(schedule.channels[channel], ran, stay):
        gap = at - last
        yield Slot(at, min(late(), gap / 2 or late()), shortest or gap)
        last = at


def _moments(
    steps: Sequence[Step], ran: timedelta | None, stay: timedelta | None
) -> Iterator[tuple[timedelta, timedelta | None]]:
    last = gap = timedelta()
    for step in steps:
        if step.before_discharge:
            if stay is not None and stay > last + late():  # else the last one is that reading
                yield stay, gap
            continue
        if not step.every:
            yield from ((at, None) for at in step.at)
            last, gap = step.at[-1], step.at[-1] - (timedelta(), *step.at)[-2]
            continue
        shortest, longest = step.every
        gap, count = shortest, 0
        while count != step.times:
            last, count = last + longest, count + 1
            if step.until_end and ran is not None and last + late() > ran:
                last = ran
                if ran > late():
                    yield last, shortest
                break
            yield last, shortest


def late() -> timedelta:
    """How long after its moment a reading is missed. Source: protocol 6.1, mark P."""
    return minutes(table("schedules").whole("late_min"))


def due(schedule: Schedule, dose: Dose, readings: Readings, now: datetime) -> tuple[Due, ...]:
    """What was missed, and of each channel the next reading that is wanted, by time.

    A missed reading leaves the list only when it is charted before the next one may be; after
    that the list keeps it as a record.
    """
    found = [
        one
        for channel in CHANNELS
        for one in _due(channel, schedule, dose, readings, utc("now", now))
    ]
    return tuple(sorted(found, key=lambda one: (one.at, list(CHANNELS).index(one.channel))))


def _due(
    channel: str, schedule: Schedule, dose: Dose, readings: Readings, now: datetime
) -> Iterator[Due]:
    ran = None if dose.end is None else dose.end - dose.start
    plan = slots(schedule, channel, ran)
    slot = next(plan, None)
    while slot is not None:
        after = next(plan, None)
        opens, at = dose.start + slot.at - slot.early, dose.start + slot.at
        closes = at + _takes_late(slot, after) if after else None
        if not all(_is_charted(name, readings, opens, closes, now) for name in CHANNELS[channel]):
            yield Due(channel, at, now > at + late())
            if closes is None or now < closes:
                return
        slot = after


def _is_charted(
    name: str, readings: Readings, opens: datetime, closes: datetime | None, now: datetime
) -> bool:
    """Whether a reading of a parameter that nobody marked counts for a moment of the plan."""
    return any(
        not one.artefact and (closes is None or one.observed_at < closes)
        for one in readings.between(name, opens, min(now, closes or now))
    )


def _takes_late(slot: Slot, after: Slot) -> timedelta:
    """How late a reading still counts for a moment: until the next may count for the one after."""
    interval = min(after.shortest, after.at - slot.at)
    return interval - min(late(), interval / 2)


def stale_after(schedule: Schedule, dose: Dose | None, reading: Reading, name: str) -> timedelta:
    """The age from which a parameter of a reading must be blank. timedelta.max: it has no limit.

    Twice the interval in force when it was read, the shorter one where the plan gives two; for a
    device's sample 10 s.
    """
    channel = parameters()[name].channel
    rules = table("schedules")
    if reading.streamed:
        return timedelta(seconds=rules.whole("streamed_stale_s"))
    if channel is None:
        return timedelta.max
    elapsed = reading.observed_at - dose.start if dose else timedelta()
    ran = dose.end - dose.start if dose and dose.end else None
    return rules.whole("stale_intervals") * _interval(schedule, channel, elapsed, ran)


@lru_cache(4096)  # asked each second of every value on every screen
def _interval(
    schedule: Schedule, channel: str, elapsed: timedelta, ran: timedelta | None
) -> timedelta:
    """The interval of a plan so long after the start of a dose that ran so long."""
    shortest = timedelta()
    for slot in slots(schedule, channel, ran):
        shortest = slot.shortest
        if slot.at > elapsed and shortest:
            break
    return shortest


def stale(
    schedule: Schedule, dose: Dose | None, reading: Reading, name: str, now: datetime
) -> bool:
    """Whether a value is too old to be shown as a number."""
    return age(reading, now) > stale_after(schedule, dose, reading, name)
