"""What can set off an alarm, and the one pass along the line that finds out when it held.

A trigger holds on a reading when any of its conditions does, for as many readings in a row or as
long as it asks; a trigger with symptoms also needs one of them to be there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from kapstone.errors import UnknownContent
from kapstone.monitoring.fields import Fields, table
from kapstone.monitoring.moments import minutes
from kapstone.monitoring.vitals import Reading, Symptom, Value

Order = tuple[datetime, int]
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
    None where a sample counts like a reading by hand. after: by route, it is silent until more than
    so long after the dose began. too_old: it judges no value but the age of a channel's.
    """

    when: tuple[Condition, ...]
    symptoms: frozenset[str]
    readings: int
    at_least: timedelta
    longer_than: timedelta | None
    streamed: timedelta | None
    after: Mapping[str, timedelta]
    too_old: Ageing | None


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
        after={route: minutes(after.whole(route)) for after in later for route in after.data},
        too_old=ageing,
    )


@dataclass(slots=True)
class _Run:
    """Readings in a row on which a trigger's conditions hold."""

    trigger: Trigger
    baseline: Mapping[str, Decimal]
    gap: timedelta
    alone: timedelta
    first: Reading | None = None
    calm: Reading | None = None
    count: int = 0
    streamed_for: timedelta = timedelta()
    before: Reading | None = None
    holds: bool = False

    def take(self, reading: Reading) -> None:
        """Judge the next reading that carries one of the parameters.

        One that a person has marked may show the conditions and never their end. Nor does one
        sample alone of a stream that is being timed: it holds the timer, as a lost signal does.
        """
        if any(_true(one, reading, self.before, self.baseline) for one in self.trigger.when):
            self.holds = self._extend(reading)
            self.calm = None
        elif reading.artefact:
            return
        elif self._is_alone(reading):
            self.calm = self.calm or reading
        else:
            self.calm = None
            self.first, self.count, self.holds = None, 0, False
        self.before = reading

    def _is_alone(self, reading: Reading) -> bool:
        """Whether a calm sample may still be an artefact within a row that goes on."""
        if not (self.trigger.streamed and self.first and reading.streamed):
            return False
        return reading.observed_at - (self.calm or reading).observed_at < self.alone

    def _extend(self, reading: Reading) -> bool:
        """One more reading in the row; whether the row is now enough."""
        earlier = self.before or reading
        step = reading.observed_at - earlier.observed_at
        if self.first is None:
            self.first, self.streamed_for = reading, timedelta()
        elif reading.streamed and earlier.streamed and step <= self.gap and not self.calm:
            # A lost signal holds the timer: it adds nothing and takes nothing back.
            self.streamed_for += step
        self.count += 1 if step or not self.count else 0
        trigger, span = self.trigger, reading.observed_at - self.first.observed_at
        if reading.streamed and trigger.streamed is not None:
            return self.streamed_for >= trigger.streamed
        long_enough = trigger.longer_than is None or span > trigger.longer_than
        return self.count >= trigger.readings and span >= trigger.at_least and long_enough

    def because(self) -> dict[str, Value | str]:
        """The values of the last reading that the conditions read, and what they compare with."""
        found: dict[str, Value | str] = {}
        for one in self.trigger.when:
            if self.before and one.parameter in self.before.values:
                found[one.parameter] = self.before.values[one.parameter]
                if one.op in CHANGES and one.parameter in self.baseline:
                    found[f"baseline.{one.parameter}"] = self.baseline[one.parameter]
        return found


def _true(
    one: Condition, reading: Reading, before: Reading | None, baseline: Mapping[str, Decimal]
) -> bool:
    value = reading.values.get(one.parameter)
    if value is None:
        return False
    if one.op in COMPARISONS:
        return COMPARISONS[one.op](value, one.limit)
    number = reading.number_of(one.parameter) or Decimal()
    if one.op == FALLS_ON_OXYGEN:
        earlier = before.number_of(one.parameter) if before else None
        on_oxygen = reading.values.get("on_oxygen") is True
        return on_oxygen and earlier is not None and number < earlier and number < one.limit
    base = baseline.get(one.parameter)
    return base is not None and CHANGES[one.op](number, base, one.limit)


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
            _true(one, reading, before, baseline)
            for before, reading in zip((None, *readings), readings, strict=False)
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
    rules = table("alarms")
    gap, alone = (
        timedelta(seconds=rules.whole(f"{name}_s")) for name in ("signal_gap", "sample_alone")
    )
    run = _Run(trigger, baseline, gap, alone)
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
