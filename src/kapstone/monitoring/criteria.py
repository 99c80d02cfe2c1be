"""The discharge criteria: the rows of discharge.json. Source: protocol 7."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from kapstone.monitoring.fields import Fields, table
from kapstone.monitoring.moments import minutes
from kapstone.monitoring.triggers import Condition, condition_from


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of discharge.json. computed: which judgement of `recovery`; None: its conditions."""

    id: str
    title: str
    criterion: str
    overridable_by: tuple[str, ...]
    mark: str
    source: tuple[str, ...]
    product: str | None
    computed: str | None
    conditions: tuple[Condition, ...]
    any_time: bool
    free_of: tuple[str, timedelta] | None
    after_last: Mapping[str, timedelta]
    after_first: Mapping[str, timedelta]
    window: tuple[timedelta, ...]
    figures: Mapping[str, int]


@cache
def criteria() -> tuple[Criterion, ...]:
    """The committed rows, in their order."""
    return tuple(_criterion(row) for row in table("discharge").children("rows"))


def _criterion(row: Fields) -> Criterion:
    free = [
        (child.text("symptom"), minutes(child.whole("min"))) for child in row.children("free_of")
    ]
    return Criterion(
        id=row.text("id"),
        title=row.text("title"),
        criterion=row.text("criterion"),
        overridable_by=row.words("overridable_by"),
        mark=row.text("mark"),
        source=row.words("source"),
        product=row.text("product") if row.has("product") else None,
        computed=row.text("computed") if row.has("computed") else None,
        conditions=tuple(condition_from(child) for child in row.children("all")),
        any_time=row.has("any_time"),
        free_of=next(iter(free), None),
        after_last=_by_route(row, "after_last"),
        after_first=_by_route(row, "after_first"),
        window=tuple(minutes(count) for count in row.integers("window_min")),
        figures=_figures(row, "figures"),
    )


def _figures(row: Fields, key: str) -> dict[str, int]:
    held = Fields.read(row.path(key), row.data.get(key, {}))
    return {name: held.whole(name) for name in held.data}


def _by_route(row: Fields, key: str) -> dict[str, timedelta]:
    return {route: minutes(count) for route, count in _figures(row, key).items()}
