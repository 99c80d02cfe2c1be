"""What a field of a row says, in words that a clinician reads."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch

from kapstone.dose.page import bound_words
from kapstone.instruments import page as instruments
from kapstone.instruments.conditions import (
    AtTimepoint,
    Either,
    Every,
    ItemIs,
    RoseBy,
    ScoreIs,
    ScoreIsCalled,
    Unanswered,
)
from kapstone.instruments.definition import Item, Score, Verification
from kapstone.limits import Bound
from kapstone.monitoring import page as monitoring
from kapstone.monitoring.schedules import Step
from kapstone.monitoring.triggers import Trigger
from kapstone.schedule.page import offset_words
from kapstone.schedule.rows import Offset


@singledispatch
def told(value: object) -> str:
    """A value in words; nothing for a field that says nothing."""
    if value is None:
        return ""
    if not isinstance(value, type) and is_dataclass(value):
        held = ((each.name, told(getattr(value, each.name))) for each in fields(value))
        return ", ".join(f"{name.replace('_', ' ')} {words}" for name, words in held if words)
    return str(value)


@told.register
def _(value: bool) -> str:
    return "yes" if value else "no"


@told.register
def _(value: Fraction) -> str:
    return str(Decimal(value.numerator) / value.denominator)


@told.register
def _(value: timedelta) -> str:
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    if seconds:
        return f"{minutes * 60 + seconds} s"
    days, rest = divmod(minutes, 1440)
    return f"{days} days" if days and not rest else f"{minutes} min"


@told.register
def _(value: Mapping) -> str:  # type: ignore[type-arg]  # singledispatch takes no argument of it
    held = ((str(key), told(each)) for key, each in value.items())
    return "; ".join(f"{key.replace('_', ' ')} {words}" for key, words in held if words)


@told.register
def _(value: tuple) -> str:  # type: ignore[type-arg]  # as above
    if value and all(isinstance(each, Step) for each in value):
        return monitoring.steps_words(value)
    return "; ".join(filter(None, map(told, value)))


@told.register
def _(value: frozenset) -> str:  # type: ignore[type-arg]  # as above
    return ", ".join(sorted(map(told, value)))


@told.register
def _(value: Trigger) -> str:
    return monitoring.trigger_words(value)


@told.register
def _(value: Offset) -> str:
    return offset_words(value)


@told.register
def _(value: Bound) -> str:
    return bound_words(value)


@told.register
def _(
    value: ItemIs | ScoreIs | ScoreIsCalled | RoseBy | AtTimepoint | Unanswered | Every | Either,
) -> str:
    return instruments.condition_words(value)


@told.register
def _(value: Item) -> str:
    return f"{value.id} {value.label} ({instruments.answers_words(value)})"


@told.register
def _(value: Score) -> str:
    bands = instruments.bands_words(value)
    return (
        f"{value.id}: {instruments.rule_words(value.rule)}; "
        f"missing: {instruments.missing_words(value.rule)}; "
        f"{instruments.range_words(value)}" + (f"; {bands}" if bands else "")
    )


@told.register
def _(value: Verification) -> str:
    memory = f"; from memory: {value.from_memory}" if value.from_memory else ""
    return f"level {value.level}; {value.confirmed}{memory}"
