"""What a person makes ready before a dose, and by when, read once from ``readying.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from kapstone.errors import InvalidInput
from kapstone.monitoring.moments import utc


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing to make ready. minutes_before: elapsed, before the start that is booked."""

    id: str
    title: str
    products: tuple[str, ...]
    minutes_before: int
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Readying:
    """One published version of the list."""

    version: str
    lines: tuple[Line, ...]
    sources: Mapping[str, str]


@cache
def readying() -> Readying:
    """The list of this release."""
    text = files("kapstone.schedule").joinpath("readying.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    for line in document["line"]:
        line.update({key: tuple(line[key]) for key in ("products", "source")})
    lines = tuple(Line(**line) for line in document["line"])
    return Readying(document["version"], lines, document["sources"])


def to_make_ready(product: str, starts_at: datetime) -> tuple[tuple[Line, datetime], ...]:
    """Each line for a product with its moment in UTC, the earliest first.

    Counted in elapsed time from the start: a clock change in the night between shortens no fast.
    Raises `InvalidInput` for a product without lines and for a start without a zone.
    """
    start = utc("starts_at", starts_at)
    lines = [line for line in readying().lines if product in line.products]
    if not lines:
        known = sorted({one for line in readying().lines for one in line.products})
        raise InvalidInput("product", f"is {product!r}.", f"Give one of {', '.join(known)}.")
    timed = ((line, start - timedelta(minutes=line.minutes_before)) for line in lines)
    return tuple(sorted(timed, key=lambda each: each[1]))
