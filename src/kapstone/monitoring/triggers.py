"""What can set off an alarm, and the one pass along the line that finds out when it held.

A trigger holds on a reading when any of its conditions does, for as many readings in a row or as
long as it asks; a trigger with symptoms also needs one of them to be there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from kapstone.errors import UnknownContent
from kapstone.monitoring.fields import Fields
from kapstone.monitoring.moments import minutes
from kapstone.monitoring.streams import Stood, stream_figure
from kapstone.monitoring.vitals import Reading, Symptom, Value

Order = tuple[datetime, int]
Earlier = Sequence[Reading]  # the last two before, the newest last
COMPARISONS: Mapping[str, Callable[[Value, Value], bool]] = {
    ">=": lambda value, limit: value >= limit,
    ">": lambda value, limit: value > limit,
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
    "==": lambda value, limit: value == limit,
    "is": lambda value, limit: value is limit,
}
# value, baseline, limit: whole numbers stay whole, so that no rounding moves a threshold
CHANGES: Mapping[str, Callable[[Decimal, Decimal, Value], bool]] = {
    "rise_at_least": lambda value, base, limit: value - base >= limit,
    "rise_percent_at_least": lambda value, base, limit: (value - base) * 100 >= base * limit,
    "fall_percent_above": lambda value, base, limit: (base - value) * 100 > base * limit,
}
FALLS_ON_OXYGEN = "falls_on_oxygen_below"


@dataclass(frozen=True, slots=True)
class Condition:
    """A parameter, an operation and a limit."""

    parameter: str
    op: str
    limit: Value


@dataclass(frozen=True, slots=True)
class Ageing:
    """A channel of the schedules whose last values are too old. streamed: those of a device."""

    channel: str
    streamed: bool


@dataclass(frozen=True, slots=True)
class Trigger:
    """One way to set off an alarm.

    readings: how many in a row, at different moments. at_least, longer_than: how far the first
    and last of the row must lie apart. streamed: how long samples of a device must hold instead;
    None where a sample counts like a reading by hand. sample_count: how many of them must in a
    row. after: by route, it is silent until more than so long after the dose began. too_old: it
    judges no value but the age of a channel's.
    """

    when: tuple[Condition, ...]
    symptoms: frozenset[str]
    readings: int
    at_least: timedelta
    longer_than: timedelta | None
    streamed: timedelta | None
    sample_count: int
    after: Mapping[str, timedelta]
    too_old: Ageing | None

    @property
    def waits(self) -> bool:
        """Whether one sample of a stream is not enough."""
        return bool(self.streamed) or self.sample_count > 1


@dataclass(frozen=True, slots=True)
class Moment:
    """Whether a trigger held once this reading or symptom was in."""

    order: Order
    holds: bool
    because: Mapping[str, Value | str]

    @property
    def observed_at(self) -> datetime:
        """When that was."""
        return self.order[0]


def condition_from(fields: Fields) -> Condition:
    """A condition of a table's row."""
    op = fields.text("op")
    if op not in COMPARISONS and op not in CHANGES and op != FALLS_ON_OXYGEN:
        raise UnknownContent(f"{fields.path('op')}: no operation is called {op!r}.")
    limit: Value = fields.flag("value") if op == "is" else fields.number("value")
    return Condition(fields.text("parameter"), op, limit)


def trigger_from(fields: Fields) -> Trigger:
    """A trigger of an alarm's row."""

    def span(key: str, unit: timedelta) -> timedelta | None:
        return fields.whole(key) * unit if fields.has(key) else None

    later = [Fields.read(fields.path("after_min"), fields.data.get("after_min", {}))]
    ageing = None
    if fields.has("too_old"):
        source = fields.choice("from", ("hand", "device"))
        ageing = Ageing(fields.text("too_old"), streamed=source == "device")
    return Trigger(
        when=tuple(condition_from(child) for child in fields.children("when")),
        symptoms=frozenset(fields.words("symptoms")),
        readings=fields.whole("readings") if fields.has("readings") else 1,
        at_least=span("at_least_min", timedelta(minutes=1)) or timedelta(),
        longer_than=span("longer_than_min", timedelta(minutes=1)),
        streamed=span("streamed_s", timedelta(seconds=1)),
        sample_count=stream_figure("samples") if _flag(fields, "streamed_in_row") else 1,
        after={route: minutes(after.whole(route)) for after in later for route in after.data},
        too_old=ageing,
    )


def _flag(fields: Fields, key: str) -> bool:
    return fields.has(key) and fields.flag(key)


@dataclass(slots=True)
class _Run:
    """Readings in a row on which a trigger's conditions hold.

    count: of them at different moments. in_row_count: samples since the last calm one.
    """

    trigger: Trigger
    baseline: Mapping[str, Decimal]
    stood: Stood = field(init=False)
    first: Reading | None = None
    calm: Reading | None = None
    count: int = 0
    in_row_count: int = 0
    earlier: Earlier = ()
    judged: Reading | None = None
    sample: Reading | None = None
    holds: bool = False

    def __post_init__(self) -> None:
        self.stood = Stood(self.trigger.streamed or timedelta())

    def take(self, reading: Reading) -> None:
        """Judge the next reading that carries one of the parameters.

        One that a person has marked may show the conditions and never their end. Nor does a calm
        sample of a stream that waits end them, before it was calm for some time.
        """
        shows = any(_true(one, reading, self.earlier, self.baseline) for one in self.trigger.when)
        self.earlier = (*self.earlier[-1:], reading)
        if reading.artefact and not shows:
            return
        stands_for = self._stands_for(reading)
        if shows:
            self.holds = self._extend(reading, stands_for)
            self.calm = None
        elif self._is_alone(reading):
            self.calm, self.in_row_count = self.calm or reading, 0
            self.stood.add(stands_for, shows=False)
        else:
            self._end()
        self.judged = reading
        self.sample = reading if reading.streamed else self.sample

    def _end(self) -> None:
        """The row is over; the next reading may begin another."""
        self.first, self.calm, self.holds = None, None, False
        self.count, self.in_row_count = 0, 0
        self.stood = Stood(self.stood.asked)

    def _stands_for(self, reading: Reading) -> timedelta:
        """The time since the sample before. A lost signal adds nothing and takes nothing back."""
        if not (self.sample and reading.streamed):
            return timedelta()
        step = reading.observed_at - self.sample.observed_at
        return step if step <= timedelta(seconds=stream_figure("lost_s")) else timedelta()

    def _is_alone(self, reading: Reading) -> bool:
        """Whether a calm sample may still be an artefact within a row that goes on."""
        if not (self.trigger.waits and self.first and reading.streamed):
            return False
        calm_for = reading.observed_at - (self.calm or reading).observed_at
        return calm_for < timedelta(seconds=stream_figure("calm_s"))

    def _extend(self, reading: Reading, stands_for: timedelta) -> bool:
        """One more reading in the row; whether the row is now enough."""
        is_new = not (self.judged and self.count) or reading.observed_at > self.judged.observed_at
        self.first = self.first or reading
        self.count += is_new
        trigger, span = self.trigger, reading.observed_at - self.first.observed_at
        if reading.streamed and trigger.streamed is not None:
            self.in_row_count += is_new
            self.stood.add(stands_for, shows=True)
            return self.holds or self._stream_is_enough()
        long_enough = trigger.longer_than is None or span > trigger.longer_than
        return self.count >= trigger.readings and span >= trigger.at_least and long_enough

    def _stream_is_enough(self) -> bool:
        """However far its samples lie apart, one alone is none."""
        trigger = self.trigger
        if not trigger.streamed:
            return self.in_row_count >= trigger.sample_count
        return self.count >= stream_figure("least_samples") and self.stood.is_enough()

    def because(self) -> dict[str, Value | str]:
        """The values of the last reading that the conditions read, and what they compare with."""
        found: dict[str, Value | str] = {}
        for one in self.trigger.when:
            if self.judged and one.parameter in self.judged.values:
                found[one.parameter] = self.judged.values[one.parameter]
                if one.op in CHANGES and one.parameter in self.baseline:
                    found[f"baseline.{one.parameter}"] = self.baseline[one.parameter]
        return found


def _true(
    one: Condition, reading: Reading, earlier: Earlier, baseline: Mapping[str, Decimal]
) -> bool:
    value = reading.values.get(one.parameter)
    if value is None:
        return False
    if one.op in COMPARISONS:
        return COMPARISONS[one.op](value, one.limit)
    number = reading.number_of(one.parameter) or Decimal()
    if one.op == FALLS_ON_OXYGEN:
        on_oxygen = reading.values.get("on_oxygen") is True
        return on_oxygen and number < one.limit and _fell(one.parameter, reading, earlier)
    base = baseline.get(one.parameter)
    return base is not None and CHANGES[one.op](number, base, one.limit)


def _fell(name: str, reading: Reading, earlier: Earlier) -> bool:
    """Below the reading before; a sample that says a fall again, below the one before that."""
    compared = earlier if reading.streamed else earlier[-1:]
    befores = [before for one in compared if (before := one.number_of(name)) is not None]
    return any((reading.number_of(name) or 0) < before for before in befores)


def can_hold(
    trigger: Trigger,
    readings: Sequence[Reading],
    baseline: Mapping[str, Decimal],
    symptoms: Sequence[Symptom],
) -> bool:
    """Whether any reading and symptom could set it off: most never do, and need no pass.

    readings: those that carry one of its parameters, in the order in which they were true.
    """
    felt = any(one.present and one.name in trigger.symptoms for one in symptoms)
    return (felt or not trigger.symptoms) and (
        not trigger.when
        or any(
            _true(one, reading, readings[max(0, place - 2) : place], baseline)
            for place, reading in enumerate(readings)
            for one in trigger.when
        )
    )


def watch(
    trigger: Trigger,
    readings: Sequence[Reading],
    baseline: Mapping[str, Decimal],
    symptoms: Sequence[Symptom],
) -> Iterator[Moment]:
    """Each moment at which the trigger was judged, in the order in which things were true.

    readings: those that carry one of its parameters.
    """
    run = _Run(trigger, baseline)
    watched = [one for one in symptoms if one.name in trigger.symptoms]
    line: list[Reading | Symptom] = [*readings, *watched]
    present: set[str] = set()
    for one in sorted(line, key=lambda item: (item.observed_at, item.number)):
        if isinstance(one, Reading):
            run.take(one)
        else:
            (present.add if one.present else present.discard)(one.name)
        holds = (run.holds or not trigger.when) and bool(present or not trigger.symptoms)
        because = run.because() | dict.fromkeys(sorted(present), "present") if holds else {}
        yield Moment((one.observed_at, one.number), holds, because)
