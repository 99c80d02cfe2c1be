"""How a trigger stands along the line: what it makes of one reading or symptom after another.

It holds on a reading when any of its conditions does, for as many readings in a row or as long as
it asks; a trigger with symptoms also needs one of them to be there.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Self

from kapstone.monitoring.readings import Readings
from kapstone.monitoring.streams import Stood, stream_figure
from kapstone.monitoring.triggers import (
    CHANGES,
    COMPARISONS,
    FALLS_ON_OXYGEN,
    Condition,
    Trigger,
)
from kapstone.monitoring.vitals import Reading, Symptom, Value

Earlier = Sequence[Reading]  # the last two before, the newest last


@dataclass(slots=True)
class _Run:
    """Readings in a row on which a trigger's conditions hold.

    count: of them at different moments. in_row_count: samples since the last calm one. sample: the
    last that counted; marked: the last calm one that a person said was an artefact.
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
    marked: Reading | None = None
    holds: bool = False

    def __post_init__(self) -> None:
        self.stood = Stood(self.trigger.streamed or timedelta())

    def take(self, reading: Reading) -> None:
        """Judge the next reading that carries one of the parameters.

        One that a person has marked may show the conditions and never their end. Nor does a calm
        sample of a stream that waits end them, before it was calm for some time.
        """
        shows = any(_true(one, reading, self.earlier, self.baseline) for one in self.trigger.when)
        self.earlier = _then(self.earlier, reading)
        if reading.artefact and not shows:
            self.marked = reading if reading.streamed else self.marked
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
        """The time since the sample before. A lost signal adds nothing and takes nothing back.

        Where none counted lately, one that was marked tells when: else its mark would take time.
        """
        lost = timedelta(seconds=stream_figure("lost_s"))
        for before in (self.sample, self.marked):
            if before and reading.streamed and reading.observed_at - before.observed_at <= lost:
                return reading.observed_at - before.observed_at
        return timedelta()

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

    def fork(self) -> "_Run":
        """The same so far, to go on by itself."""
        twin = copy(self)
        twin.stood = self.stood.fork()
        return twin

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
        return on_oxygen and number < one.limit and _fell(one.parameter, number, reading, earlier)
    base = baseline.get(one.parameter)
    return base is not None and CHANGES[one.op](number, base, one.limit)


def _fell(name: str, number: Decimal, reading: Reading, earlier: Earlier) -> bool:
    """Below the reading before; a sample that says a fall again, below the one before that."""
    compared = earlier if reading.streamed else earlier[-1:]
    return any((before := one.number_of(name)) is not None and number < before for one in compared)


def _then(earlier: Earlier, reading: Reading) -> Earlier:
    return (*earlier[-1:], reading)


def may_hold(
    trigger: Trigger,
    readings: Readings,
    baseline: Mapping[str, Decimal],
    symptoms: Iterable[Symptom],
) -> bool:
    """Whether anything charted could set it off at all: most rows never can, and need no pass.

    Where it says no, no moment of the line holds. It may say yes where none does.
    """
    return any(one.present and one.name in trigger.symptoms for one in symptoms) or any(
        _may_be_true(one, readings, baseline) for one in trigger.when
    )


def _may_be_true(one: Condition, readings: Readings, baseline: Mapping[str, Decimal]) -> bool:
    """Whether it is on the lowest or the highest value, or on one between that it names."""
    if one.parameter not in readings.edges:
        return False
    lowest, highest = readings.edges[one.parameter]
    if one.op in COMPARISONS:
        values = (lowest, highest, min(max(lowest, one.limit), highest))
        return any(COMPARISONS[one.op](value, one.limit) for value in values)
    if one.op == FALLS_ON_OXYGEN:
        return lowest < one.limit
    base = baseline.get(one.parameter)
    edges = Decimal(lowest), Decimal(highest)
    return base is not None and any(CHANGES[one.op](edge, base, one.limit) for edge in edges)


@dataclass(slots=True)
class Watch:
    """A trigger along the line so far. holds, because: as of the last thing that it took."""

    trigger: Trigger
    baseline: Mapping[str, Decimal]
    holds: bool = False
    because: Mapping[str, Value | str] = field(default_factory=dict)
    _present: frozenset[str] = frozenset()
    _run: _Run = field(init=False)

    def __post_init__(self) -> None:
        self._run = _Run(self.trigger, self.baseline)

    def take(self, readings: Iterable[Reading], symptoms: Iterable[Symptom]) -> None:
        """What was charted next, under one number."""
        for reading in readings:
            self._run.take(reading)
        for one in symptoms:
            changed = {one.name}
            self._present = self._present | changed if one.present else self._present - changed
        trigger = self.trigger
        self.holds = (self._run.holds or not trigger.when) and bool(
            self._present or not trigger.symptoms
        )
        told = dict.fromkeys(sorted(self._present), "present")
        self.because = self._run.because() | told if self.holds else {}

    def fork(self) -> Self:
        """The same so far, to go on by itself."""
        twin = copy(self)
        twin._run = self._run.fork()
        return twin
