"""The committed dose limits as frozen rows, read once from ``content.toml``."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files

from kapstone.limits import Bound


@dataclass(frozen=True, slots=True)
class Span:
    """From a lowest to a highest figure, both inside."""

    min: Bound
    max: Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """How often a dose is given in some weeks of a course; to_week None: from then on."""

    from_week: int
    to_week: int | None = None
    per_week_at_most: Decimal
    per_week_at_least: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeRow:
    """The limits of one product by one route, for some indications where it names them.

    first_max, step_min, step_max None: the row holds no such figure. allowed_mg: where drug comes
    in devices, the only doses there are; min_between_devices in minutes.
    """

    id: str
    product: str
    route: str
    start: Span
    usual: Span
    soft_max: Bound
    hard_max: Bound
    first_max: Bound | None = None
    step_min: Bound | None = None
    step_max: Bound | None = None
    indications: tuple[str, ...] = ()
    infusion_min_at_least: Decimal | None = None
    infusion_min_at_most: Decimal | None = None
    dilute_from_mg_per_ml: Decimal | None = None
    allowed_mg: tuple[Decimal, ...] = ()
    device_mg: Decimal | None = None
    min_between_devices: Decimal | None = None
    hard_max_mg_per_week: Decimal | None = None
    schedule: tuple[Weeks, ...] = ()
    note: str
    source: tuple[str, ...]
    mark: str

    def weeks(self, week: int) -> Weeks | None:
        """The part of the schedule that a week of the course falls into; None where none does."""
        held = (each for each in self.schedule if each.from_week <= week)
        return next((each for each in held if each.to_week is None or week <= each.to_week), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideRow:
    """A kind of order that belongs to another treatment and has no limit here."""

    id: str
    product: str
    route: str
    indication_id: str
    message: str
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """The words and figures of one rule; of one product where it names one."""

    id: str
    title: str
    message: str
    source: tuple[str, ...]
    mark: str
    product: str = ""
    note: str = ""
    numbers: Mapping[str, Decimal] = field(default_factory=dict)

    def is_for(self, product: str) -> bool:
        """Whether it holds for a product."""
        return self.product in ("", product)


@dataclass(frozen=True, slots=True)
class Content:
    """One published version of the dose content. digest: of all that it says."""

    version: str
    digest: str
    ranges: tuple[RangeRow, ...]
    outside: tuple[OutsideRow, ...]
    rules: Mapping[str, RuleRow]
    sources: Mapping[str, str]


_BOUNDS = ("first_max", "step_min", "step_max", "soft_max", "hard_max")
_FIGURES = (
    *("infusion_min_at_least", "infusion_min_at_most", "dilute_from_mg_per_ml"),
    *("device_mg", "min_between_devices", "hard_max_mg_per_week"),
)
_PER_WEEK = ("per_week_at_least", "per_week_at_most")
_UNITS = {"mg": "mg", "mg/kg": "mg_per_kg"}


def _decimals(table: Mapping[str, int | Decimal]) -> dict[str, Decimal]:
    return {key: Decimal(figure) for key, figure in table.items()}


def _span(unit: str, table: Mapping[str, int | Decimal]) -> Span:
    return Span(**{end: Bound(**{unit: figure}) for end, figure in _decimals(table).items()})


@cache
def content() -> Content:
    """The dose content of this release."""
    text = files("kapstone.dose").joinpath("content.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text, parse_float=Decimal)
    digest = _digest(document)
    for row in document["range"]:
        unit = _UNITS[row.pop("unit")]
        row.update({name: _span(unit, row[name]) for name in ("start", "usual")})
        row.update({name: Bound(**_decimals(row[name])) for name in _BOUNDS if name in row})
        row.update({name: Decimal(row[name]) for name in _FIGURES if name in row})
        row["allowed_mg"] = tuple(Decimal(each) for each in row.get("allowed_mg", ()))
        row["indications"] = tuple(row.get("indications", ()))
        for each in row.get("schedule", ()):
            each.update({name: Decimal(each[name]) for name in _PER_WEEK if name in each})
        row["schedule"] = tuple(Weeks(**each) for each in row.get("schedule", ()))
    for row in document["rule"]:
        row["numbers"] = _decimals(row.get("numbers", {}))
    for row in (*document["range"], *document["outside"], *document["rule"]):
        row["source"] = tuple(row["source"])
    return Content(
        version=document["version"],
        digest=digest,
        ranges=tuple(RangeRow(**row) for row in document["range"]),
        outside=tuple(OutsideRow(**row) for row in document["outside"]),
        rules={row["id"]: RuleRow(**row) for row in document["rule"]},
        sources=document["sources"],
    )


def _digest(document: Mapping[str, object]) -> str:
    """SHA-256 of what the file says, whatever its spacing and comments."""
    said = json.dumps(document, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def rest_between_devices(product: str, route: str) -> timedelta:
    """The least time from one device to the next, by any indication; none where there are none."""
    rests = [
        timedelta(minutes=int(row.min_between_devices))
        for row in content().ranges
        if (row.product, row.route) == (product, route) and row.min_between_devices
    ]
    return max(rests, default=timedelta())
