"""Vital signs and charted scores: names with units, possible ranges, age, baseline.

Source: protocol 0.3 and 6; ranges are mark P and mean "possible", not "normal".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TypeVar

from kapstone.errors import InvalidInput
from kapstone.monitoring.fields import Fields, table
from kapstone.monitoring.moments import minutes, utc

Value = Decimal | bool
BASELINE_NAMES = ("systolic_mmhg", "diastolic_mmhg", "heart_rate_bpm", "spo2_percent")
BASELINE_APART = minutes(5)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that is measured or charted; `key` is its name in the outside contract.

    low and high are None for a yes-or-no. channel: whose schedule tells when it is due and when
    it is stale; None for what has no schedule.
    """

    key: str
    name: str
    label: str
    unit: str
    kinds: tuple[str, ...]
    channel: str | None
    low: Decimal | None
    high: Decimal | None
    whole: bool

    def read(self, fields: Fields) -> Value:
        """This parameter's value in a JSON object, under its contract key."""
        if self.low is None:
            return fields.flag(self.key)
        value = fields.number(self.key)
        self.check(fields.path(self.key), value)
        return value

    def check(self, key: str, value: Value) -> None:
        """Refuse an impossible value. Never moves it to the edge of the range."""
        if self.low is None or self.high is None:
            if not isinstance(value, bool):
                raise InvalidInput(key, "is neither true nor false.")
        elif isinstance(value, bool) or not self.low <= value <= self.high:
            problem = f"is {value}, which is not possible."
            raise InvalidInput(key, problem, f"Give {self.low} to {self.high} {self.unit}.")
        elif self.whole and value != int(value):
            raise InvalidInput(key, f"is {value}, not a whole number.")


@cache
def parameters() -> Mapping[str, Parameter]:
    """Every parameter by its name."""
    rows = (_parameter(row) for row in table("parameters").children("parameters"))
    return {row.name: row for row in rows}


def _parameter(row: Fields) -> Parameter:
    return Parameter(
        key=row.text("key"),
        name=row.text("name"),
        label=row.text("label"),
        unit=row.text("unit"),
        kinds=row.words("kinds"),
        channel=row.text("channel") if row.has("channel") else None,
        low=row.number("min") if row.has("min") else None,
        high=row.number("max") if row.has("max") else None,
        whole=row.has("whole") and row.flag("whole"),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured or charted at one moment, by parameter name.

    number: its place in the session's event line. streamed: it came from a device, a sample of
    many, and not from a person's hand. artefact: a person says it was not the patient's own.
    Raises InvalidInput for an impossible value.
    """

    number: int
    observed_at: datetime
    values: Mapping[str, Value]
    streamed: bool = False
    artefact: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "observed_at", utc("observed_at", self.observed_at))
        for name, value in self.values.items():
            if name not in parameters():
                raise InvalidInput(name, "is not a parameter that is charted.")
            parameters()[name].check(name, value)
        systolic, diastolic = self.number_of("systolic_mmhg"), self.number_of("diastolic_mmhg")
        if systolic is not None and diastolic is not None and diastolic >= systolic:
            problem = f"is {diastolic}, not below the systolic {systolic}."
            raise InvalidInput("diastolic_mmhg", problem, "Measure again, or swap the two.")

    def number_of(self, name: str) -> Decimal | None:
        """A numeric value, or None where this reading does not carry it."""
        value = self.values.get(name)
        return None if value is None or isinstance(value, bool) else Decimal(value)


@dataclass(frozen=True, slots=True)
class Symptom:
    """A symptom charted at one moment: there, or gone again."""

    number: int
    observed_at: datetime
    name: str
    present: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "observed_at", utc("observed_at", self.observed_at))


Charted = TypeVar("Charted", Reading, Symptom)


def in_order(charted: Iterable[Charted]) -> list[Charted]:
    """By the moment it was true, then by number: the order of arrival does not count."""
    return sorted(charted, key=lambda one: (one.observed_at, one.number))


def age(reading: Reading, now: datetime) -> timedelta:
    """How long ago it was true."""
    return utc("now", now) - reading.observed_at


def baseline(readings: Sequence[Reading], dose_start: datetime | None) -> dict[str, Decimal]:
    """The mean of the last two seated readings before the dose, 5 min or more apart.

    By parameter name; a parameter without two such readings is left out, and no rule that
    compares with it can hold. `readings` are those of one visit that say whether the person is
    seated. Source: protocol 0.3, mark P.
    """
    end = None if dose_start is None else utc("dose_start", dose_start)
    seated = [
        one
        for one in in_order(readings)
        if one.values.get("seated") is True
        and not one.artefact
        and (end is None or one.observed_at <= end)
    ]
    means = ((name, _mean_of_last_two(seated, name)) for name in BASELINE_NAMES)
    return {name: mean for name, mean in means if mean is not None}


def _mean_of_last_two(seated: Sequence[Reading], name: str) -> Decimal | None:
    readings = [one for one in seated if name in one.values]
    if not readings:
        return None
    last = readings[-1]
    earlier = [r for r in readings if last.observed_at - r.observed_at >= BASELINE_APART]
    pair = [last, *earlier[-1:]]
    values = [value for one in pair if (value := one.number_of(name)) is not None]
    return sum(values, Decimal()) / 2 if len(values) == 2 else None
