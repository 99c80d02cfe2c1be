"""When an alarm's row calls: judged on what was charted, one thing after another.

An alarm is raised by the first reading, unless its row asks for a count or a duration. It stands
while the last reading still says so, however old that is; a latching one stands until a person
resolves it. Source: protocol 6.2.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Self

from kapstone.monitoring.alarms import Alarm, AlarmRow, Began, Key, Tier, alarm_of, alarm_rows
from kapstone.monitoring.moments import utc
from kapstone.monitoring.readings import Readings
from kapstone.monitoring.runs import Watch, may_hold
from kapstone.monitoring.triggers import Trigger
from kapstone.monitoring.vitals import Reading, Symptom, Value


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows are judged by beside readings and symptoms.

    resolved: when a person last resolved a rule and band; that lets go of the latch and never of a
    condition that the last reading still shows. began: the dose, for the rows that count from it.
    """

    baseline: Mapping[str, Decimal] = field(default_factory=dict)
    resolved: Mapping[Key, datetime] = field(default_factory=dict)
    began: Began | None = None


@dataclass(slots=True)
class _Called:
    """A row along the line so far: since when it calls, if it does."""

    row: AlarmRow
    known: Known
    watches: list[Watch] = field(init=False)
    since: datetime | None = None
    last: datetime | None = None
    because: Mapping[str, Value | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.watches = [Watch(trigger, self.known.baseline) for trigger in self.row.judged]

    def take(self, at: datetime, readings: Sequence[Reading], symptoms: Sequence[Symptom]) -> None:
        """What was charted next under one number: all triggers judge it before the row does.

        What one of them saw before would else outlast the reading that ended it.
        """
        for watch in self.watches:
            mine = [one for one in readings if _looks_at(watch.trigger, one, self.known.began)]
            felt = [one for one in symptoms if one.name in watch.trigger.symptoms]
            if mine or felt:
                watch.take(mine, felt)
        holding = [watch for watch in self.watches if watch.holds]
        if holding:
            self.since, self.last = self.since or at, at
            self.because = {key: told for one in holding for key, told in one.because.items()}
        elif self.last and not (self.row.latching and self._is_latched(self.last)):
            self.since = self.last = None

    def _is_latched(self, last: datetime) -> bool:
        resolved = self.known.resolved.get(self.row.key)
        return resolved is None or last > resolved

    def fork(self) -> Self:
        """The same so far, to go on by itself."""
        twin = copy(self)
        twin.watches = [watch.fork() for watch in self.watches]
        return twin

    def alarm(self) -> Alarm | None:
        """What it calls."""
        if self.since is None or self.last is None:
            return None
        return alarm_of(self.row, self.since, self.last, self.because)


@dataclass(frozen=True, slots=True)
class Judged:
    """The rows judged on everything charted so far: a value that goes on with what comes next.

    called: by place in the table, those that anything could have set off.
    """

    known: Known
    readings: Readings
    symptoms: tuple[Symptom, ...]
    called: dict[int, _Called]

    @classmethod
    def of(cls, known: Known, readings: Readings, symptoms: Iterable[Symptom]) -> Self:
        """Judged from the first reading on."""
        charted = tuple(symptoms)
        names = {*readings.by_name, *(one.name for one in charted)}
        return cls(known, readings, charted, {})._with_more(names)

    def then(self, at: datetime, readings: Sequence[Reading], symptoms: Sequence[Symptom]) -> Self:
        """With what was charted under one number, which comes after all the rest."""
        names = {name for one in readings for name in one.values}
        names.update(one.name for one in symptoms)
        called = {**self.called}
        for place, one in self.called.items():
            if not names.isdisjoint(one.row.looks_at):
                called[place] = one.fork()
                called[place].take(at, readings, symptoms)
        index = self.readings
        for reading in readings:
            index = index.then(reading)
        more = replace(self, readings=index, symptoms=(*self.symptoms, *symptoms), called=called)
        return more._with_more(names)

    def _with_more(self, names: Collection[str]) -> Self:
        """Also the rows that look at one of these, and that something could have set off by now."""
        found = {
            place: self._along(row)
            for place, row in enumerate(alarm_rows())
            if place not in self.called
            and not row.looks_at.isdisjoint(names)
            and self._may_call(row)
        }
        return replace(self, called=self.called | found) if found else self

    def _may_call(self, row: AlarmRow) -> bool:
        return any(
            may_hold(trigger, self.readings, self.known.baseline, self.symptoms)
            for trigger in row.judged
        )

    def _along(self, row: AlarmRow) -> _Called:
        """A row from the first reading on."""
        called = _Called(row, self.known)
        felt = [one for one in self.symptoms if one.name in row.looks_at]
        for at, readings, symptoms in _in_turn(self.readings.carrying(row.looks_at), felt):
            called.take(at, readings, symptoms)
        return called

    def along(self) -> Iterator[tuple[datetime, tuple[Alarm, ...]]]:
        """What stood after each thing that was charted, in the order in which it was true."""
        called = {place: _Called(one.row, self.known) for place, one in self.called.items()}
        every = self.readings.carrying(self.readings.by_name) if called else []
        for at, readings, symptoms in _in_turn(every, self.symptoms if called else ()):
            names = {name for one in readings for name in one.values}
            names.update(one.name for one in symptoms)
            for one in called.values():
                if not names.isdisjoint(one.row.looks_at):
                    one.take(at, readings, symptoms)
            yield at, _standing(called)

    def standing(self) -> tuple[Alarm, ...]:
        """Of each rule and band the highest tier that calls, hardest first."""
        return _standing(self.called)


def _standing(called: Mapping[int, _Called]) -> tuple[Alarm, ...]:
    found: dict[Key, Alarm] = {}
    for _, one in sorted(called.items()):
        if alarm := one.alarm():
            before = found.get(one.row.key, alarm)
            found[one.row.key] = max(before, alarm, key=_tier_of)
    return tuple(sorted(found.values(), key=_tier_of, reverse=True))


def _in_turn(
    readings: Iterable[Reading], symptoms: Iterable[Symptom]
) -> Iterator[tuple[datetime, list[Reading], list[Symptom]]]:
    """What was charted under one number after another, with its moment."""
    line: list[Reading | Symptom] = [*readings, *symptoms]
    line.sort(key=_number_of)
    for (at, _), group in groupby(line, key=_number_of):
        parts = list(group)
        mine = [one for one in parts if isinstance(one, Reading)]
        yield at, mine, [one for one in parts if isinstance(one, Symptom)]


def _number_of(one: Reading | Symptom) -> tuple[datetime, int]:
    return one.observed_at, one.number


def _tier_of(alarm: Alarm) -> Tier:
    return alarm.tier


def _looks_at(trigger: Trigger, reading: Reading, began: Began | None) -> bool:
    """Whether a reading carries one of its parameters, and it is no longer silent."""
    if trigger.names.isdisjoint(reading.values):
        return False
    if not trigger.after:
        return True
    return began is not None and reading.observed_at > began.at + trigger.after[began.route]


def evaluate(
    readings: Iterable[Reading],
    baseline: Mapping[str, Decimal],
    symptoms: Iterable[Symptom],
    now: datetime,
    resolved: Mapping[Key, datetime] | None = None,
    began: Began | None = None,
) -> tuple[Alarm, ...]:
    """The alarms that stand at `now`, of what came in any order; of what was observed later, none.

    baseline, resolved and began are as in `Known`. The rows about age are judged in `ageing`.
    """
    end = utc("now", now)
    measured = Readings.of(one for one in readings if one.observed_at <= end)
    felt = sorted((one for one in symptoms if one.observed_at <= end), key=_number_of)
    return Judged.of(Known(baseline, resolved or {}, began), measured, felt).standing()
