"""The rows of adverse events, read once from ``content.toml`` and frozen."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class About(StrEnum):
    """What sets a duty off."""

    EVENT = "event"
    SESSION = "session"
    DEPARTURE = "departure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The scale of grades, and what is said of it."""

    id: str
    title: str
    named: str
    note: str
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """One step of the scale."""

    id: str
    number: int
    title: str
    says: str
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PressureGrade:
    """The pressure from which the scale gives a grade; either figure reaches it."""

    id: str
    title: str
    grade: int
    systolic_mmhg: int
    diastolic_mmhg: int
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of a list that a person chooses from."""

    id: str
    title: str
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """Within how many hours of a dose an onset is stated to be soon after it."""

    id: str
    title: str
    hours: int
    says: str
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Names to pick from, and those of them that are asked by name after a session."""

    id: str
    title: str
    asked: tuple[str, ...]
    picked: tuple[str, ...]
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """Something that is due to somebody. See the comment in ``content.toml``.

    hours and days None: it has no time limit. lacks: what a departure's record does not hold.
    """

    id: str
    title: str
    to: str
    about: About
    counts_from: str
    overdue: str
    hours: int | None = None
    days: int | None = None
    products: tuple[str, ...] = ()
    inpatient: bool | None = None
    serious: bool = False
    from_grade: int | None = None
    terms: tuple[str, ...] = ()
    lacks: str = ""
    voluntary: bool = False
    note: str = ""
    source: tuple[str, ...]
    mark: str


LISTS = ("criterion", "causality", "expectedness", "taken", "outcome")


@dataclass(frozen=True, slots=True)
class Content:
    """One published version. choices: by the name of their list, then by id."""

    version: str
    scale: Scale
    grades: tuple[Grade, ...]
    pressures: tuple[PressureGrade, ...]
    choices: Mapping[str, Mapping[str, Choice]]
    association: Association
    terms: Terms
    due: tuple[DueRow, ...]
    sources: Mapping[str, str]


@cache
def content() -> Content:
    """The rows of this release."""
    text = files("kapstone.adverse").joinpath("content.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    named = ("grade", "pressure", "due", *LISTS)
    tables = (document["scale"], document["association"], document["terms"])
    for row in (*tables, *(row for name in named for row in document[name])):
        row.update({key: tuple(value) for key, value in row.items() if isinstance(value, list)})
    return Content(
        version=document["version"],
        scale=Scale(**document["scale"]),
        grades=tuple(Grade(**row) for row in document["grade"]),
        pressures=tuple(PressureGrade(**row) for row in document["pressure"]),
        choices={name: {row["id"]: Choice(**row) for row in document[name]} for name in LISTS},
        association=Association(**document["association"]),
        terms=Terms(**document["terms"]),
        due=tuple(DueRow(**row | {"about": About(row["about"])}) for row in document["due"]),
        sources=document["sources"],
    )
