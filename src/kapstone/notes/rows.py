"""The rows of what belongs in the chart, read once from ``content.toml`` and frozen."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """One kind of what belongs in the chart, and by which words it is known.

    words: whole ones, or the beginning of one before ``*``. units: they count after a number.
    clock: a time of day counts too. urgent: somebody may be in danger.
    """

    id: str
    title: str
    message: str
    words: tuple[str, ...]
    units: tuple[str, ...] = ()
    clock: bool = False
    urgent: bool = False
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Content:
    """One version of the rows, the gravest first."""

    version: str
    sources: Mapping[str, str]
    rows: tuple[Belonging, ...]


@cache
def content() -> Content:
    """The rows in force."""
    text = files("kapstone.notes").joinpath("content.toml").read_text(encoding="utf-8")
    held = tomllib.loads(text)
    return Content(held["version"], held["sources"], tuple(map(_row, held["row"])))


def _row(told: dict[str, Any]) -> Belonging:
    lists = {key: tuple(value) for key, value in told.items() if isinstance(value, list)}
    return Belonging(**told | lists)
