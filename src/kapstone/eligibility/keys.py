"""Every fact a screening takes: its type, unit and physical range, and when it must be known."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kapstone.eligibility import tables
from kapstone.eligibility.grammar import Node, parse
from kapstone.eligibility.tables import Table


class Kind(StrEnum):
    BOOL = "bool"
    NUMBER = "number"
    INTEGER = "integer"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    TEXTS = "texts"
    READINGS = "readings"
    NUMBER_OR_WORD = "number_or_word"
    MEDICINES = "medicines"


@dataclass(frozen=True, slots=True)
class Key:
    """One fact. `minimum` and `maximum` are physical, in `unit`; `words` are what it may say."""

    name: str
    kind: Kind
    unit: str = ""
    minimum: int | float = -math.inf
    maximum: int | float = math.inf
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """While `when` is TRUE, or always where it is None, an unknown `key` leaves the run INCOMPLETE.

    needed_by: rules of other rooms that need it, besides those of this one.
    """

    key: str
    when: Node | None
    needed_by: tuple[str, ...]


def _key(row: Table, prefix: str = "") -> Key:
    return Key(
        name=prefix + tables.text(row, "name"),
        kind=Kind(tables.text(row, "kind")),
        unit=tables.text(row, "unit"),
        minimum=tables.number(row, "minimum", -math.inf),
        maximum=tables.number(row, "maximum", math.inf),
        words=tables.texts(row, "words"),
    )


def _by_name(keys: Iterable[Key]) -> dict[str, Key]:
    return {key.name: key for key in keys}


_TABLE = tables.load("keys")

CONCEPTS = tables.texts(_TABLE, "concepts")
KEYS = _by_name(_key(row) for row in tables.rows(_TABLE, "key")) | _by_name(
    _key(row, f"dx.{concept}.") for concept in CONCEPTS for row in tables.rows(_TABLE, "facet")
)
MEDICINE_FIELDS = _by_name(_key(row) for row in tables.rows(_TABLE, "medicine_field"))
REQUIREMENTS = tuple(
    Requirement(
        key=tables.text(row, "key"),
        when=parse(tables.text(row, "when")) if "when" in row else None,
        needed_by=tables.texts(row, "needed_by"),
    )
    for row in tables.rows(_TABLE, "required")
)
