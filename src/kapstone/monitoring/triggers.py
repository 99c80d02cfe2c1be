"""What can set off an alarm: conditions on values, symptoms, how often and how long. As data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from kapstone.errors import UnknownContent
from kapstone.monitoring.fields import Fields
from kapstone.monitoring.moments import minutes
from kapstone.monitoring.streams import stream_figure
from kapstone.monitoring.vitals import Value

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
    names: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", frozenset(one.parameter for one in self.when))

    @property
    def waits(self) -> bool:
        """Whether one sample of a stream is not enough."""
        return bool(self.streamed) or self.sample_count > 1


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
