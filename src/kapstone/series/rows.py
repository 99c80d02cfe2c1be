"""The rows of a series, read once from ``content.toml`` and frozen."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """How often one product may be given, and how far apart. last_week_number None: without end."""

    id: str
    title: str
    band: str = ""
    products: tuple[str, ...]
    routes: tuple[str, ...]
    first_week_number: int
    last_week_number: int | None = None
    most_per_week: int
    gap_h: int | None = None
    never_h: int | None = None
    most_doses: int | None = None
    message: str
    source: tuple[str, ...]
    mark: str

    def is_for(self, product: str, route: str, week: int) -> bool:
        """Whether it holds for a dose of this product and route in this week of the series."""
        return (
            product in self.products
            and (not self.routes or route in self.routes)
            and self.first_week_number <= week
            and (self.last_week_number is None or week <= self.last_week_number)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """So many doses within so many calendar days that nobody may book another."""

    id: str
    title: str
    days: int
    doses: int
    message: str
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A point at which a prescriber weighs whether to go on. See the head of ``content.toml``."""

    id: str
    title: str
    band: str = ""
    phase: str = ""
    after_doses: tuple[int, ...] = ()
    improvement_below_pct: tuple[int, ...] = ()
    before_dose_number: int | None = None
    day: int | None = None
    every_days: int | None = None
    gap_below_days: int | None = None
    blocks: bool
    message: str
    note: str = ""
    source: tuple[str, ...]
    mark: str

    @property
    def key(self) -> str:
        """The rule and its band."""
        return f"{self.id} {self.band}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One reason that holds a series: a finding of some severity, one finding, or what is said."""

    id: str
    title: str
    band: str
    severity: str = ""
    finding: str = ""
    said: str = ""
    message: str
    source: tuple[str, ...]
    mark: str

    @property
    def key(self) -> str:
        """The rule and its band."""
        return f"{self.id} {self.band}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taper:
    """So many doses, so many days apart; doses 0: from then on."""

    id: str
    title: str
    band: str
    least_days: int
    most_days: int
    doses: int
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Said beside a series; nothing follows from it."""

    id: str
    title: str
    message: str
    source: tuple[str, ...]
    mark: str


Banded = Spacing | Evaluation | Hold | Taper


@dataclass(frozen=True, slots=True)
class Content:
    """One published version."""

    version: str
    spacing: tuple[Spacing, ...]
    frequency: Frequency
    evaluations: tuple[Evaluation, ...]
    holds: tuple[Hold, ...]
    taper: tuple[Taper, ...]
    remarks: tuple[Remark, ...]
    sources: Mapping[str, str]


@cache
def content() -> Content:
    """The rows of this release."""
    text = files("kapstone.series").joinpath("content.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    tables = ("spacing", "evaluation", "hold", "taper", "remark")
    for row in (document["frequency"], *(row for name in tables for row in document[name])):
        row.update({key: tuple(value) for key, value in row.items() if isinstance(value, list)})
    return Content(
        version=document["version"],
        spacing=tuple(Spacing(**row) for row in document["spacing"]),
        frequency=Frequency(**document["frequency"]),
        evaluations=tuple(Evaluation(**row) for row in document["evaluation"]),
        holds=tuple(Hold(**row) for row in document["hold"]),
        taper=tuple(Taper(**row) for row in document["taper"]),
        remarks=tuple(Remark(**row) for row in document["remark"]),
        sources=document["sources"],
    )
