"""The readings of a session by parameter, in the order in which they were true.

A value: one reading more makes another, and whoever holds the earlier one still sees what they saw.
A device's stream has thousands of them, so nothing here looks through all to answer.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from kapstone.monitoring.vitals import Reading, Value


def order_of(one: Reading) -> tuple[datetime, int, bool]:
    """By the moment it was true, then by number. Of a sample in two halves, the marked one first.

    The order of arrival does not count.
    """
    return one.observed_at, one.number, not one.artefact


def _at(one: Reading) -> datetime:
    return one.observed_at


@dataclass(frozen=True, slots=True)
class Readings:
    """by_name: those that carry a parameter, in order. edges: its lowest and its highest value."""

    by_name: Mapping[str, Sequence[Reading]]
    edges: Mapping[str, tuple[Value, Value]]

    @classmethod
    def of(cls, readings: Iterable[Reading]) -> Self:
        """Those readings, whatever order they come in."""
        by_name: dict[str, list[Reading]] = {}
        for one in sorted(readings, key=order_of):
            for name in one.values:
                by_name.setdefault(name, []).append(one)
        edges = {}
        for name, carrying in by_name.items():
            values = [one.values[name] for one in carrying]
            edges[name] = min(values), max(values)
        return cls(by_name, edges)

    def then(self, reading: Reading) -> Self:
        """One more, which comes after all of these."""
        by_name, edges = {**self.by_name}, {**self.edges}
        for name, value in reading.values.items():
            by_name[name] = (*by_name.get(name, ()), reading)
            lowest, highest = edges.get(name, (value, value))
            edges[name] = min(lowest, value), max(highest, value)
        return type(self)(by_name, edges)

    def until(self, end: datetime) -> Self:
        """Those observed by then."""
        if all(listed[-1].observed_at <= end for listed in self.by_name.values()):
            return self
        every = {id(one): one for listed in self.by_name.values() for one in listed}
        return self.of(one for one in every.values() if one.observed_at <= end)

    def named(self, name: str) -> Sequence[Reading]:
        """Those that carry a parameter, in order."""
        return self.by_name.get(name, ())

    def carrying(self, names: Iterable[str]) -> list[Reading]:
        """Those that carry at least one of these, each once and in order."""
        listed = [found for name in names if (found := self.by_name.get(name))]
        if len(listed) == 1:
            (only,) = listed
            return list(only)
        every = {id(one): one for found in listed for one in found}
        return sorted(every.values(), key=order_of)

    def between(self, name: str, first: datetime, end: datetime) -> Sequence[Reading]:
        """Those that carry a parameter from a moment until another, both of them included."""
        listed = self.named(name)
        return listed[bisect_left(listed, first, key=_at) : bisect_right(listed, end, key=_at)]

    def last(self) -> dict[str, Reading]:
        """The last that carries each parameter."""
        return {name: listed[-1] for name, listed in self.by_name.items()}

    def last_of_the_person(self) -> dict[str, Reading]:
        """The last that nobody marked; where all of a parameter's are marked, the first of them."""
        return {
            name: next((one for one in reversed(listed) if not one.artefact), listed[0])
            for name, listed in self.by_name.items()
        }
