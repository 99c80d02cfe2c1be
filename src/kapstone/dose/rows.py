"""The committed dose limits as frozen rows, read once from ``content.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files

from kapstone.limits import Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeRow:
    """The limits of one product by one route, per kilogram of the chosen weight."""

    id: str
    product: str
    route: str
    start_mg_per_kg: Mapping[str, Decimal]
    usual_mg_per_kg: Mapping[str, Decimal]
    first_max: Bound
    soft_max: Bound
    hard_max: Bound
    step_max: Bound
    source: tuple[str, ...]
    mark: str
    infusion_min_at_least: Decimal | None = None
    dilute_from_mg_per_ml: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideRow:
    """A kind of order that belongs to another treatment and has no limit here."""

    id: str
    route: str
    indication_id: str
    message: str
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """The words and figures of one rule."""

    id: str
    title: str
    message: str
    source: tuple[str, ...]
    mark: str
    numbers: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Content:
    """One published version of the dose content."""

    version: str
    ranges: tuple[RangeRow, ...]
    outside: tuple[OutsideRow, ...]
    rules: Mapping[str, RuleRow]
    sources: Mapping[str, str]


_BOUNDS = ("first_max", "soft_max", "hard_max", "step_max")


def _decimals(table: Mapping[str, int | Decimal]) -> dict[str, Decimal]:
    return {key: Decimal(figure) for key, figure in table.items()}


@cache
def content() -> Content:
    """The dose content of this release."""
    text = files("kapstone.dose").joinpath("content.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text, parse_float=Decimal)
    for row in document["range"]:
        row.update({name: Bound(**_decimals(row[name])) for name in _BOUNDS})
        for name in ("start_mg_per_kg", "usual_mg_per_kg"):
            row[name] = _decimals(row[name])
        for name in ("infusion_min_at_least", "dilute_from_mg_per_ml"):
            row.update({name: Decimal(row[name])} if name in row else {})
    for row in document["rule"]:
        row["numbers"] = _decimals(row.get("numbers", {}))
    for row in (*document["range"], *document["outside"], *document["rule"]):
        row["source"] = tuple(row["source"])
    return Content(
        version=document["version"],
        ranges=tuple(RangeRow(**row) for row in document["range"]),
        outside=tuple(OutsideRow(**row) for row in document["outside"]),
        rules={row["id"]: RuleRow(**row) for row in document["rule"]},
        sources=document["sources"],
    )
