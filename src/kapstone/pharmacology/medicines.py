"""What another medicine does to S-ketamine, by the way it was measured: ``interactions.toml``.

By vein nearly nothing matters; swallowed, much does.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kapstone.errors import InvalidInput
from kapstone.pharmacology.models import Way

# What is swallowed of these goes the way that a swallowed dose was measured by.
PARTLY_SWALLOWED = frozenset({Way.SUBLINGUAL, Way.INTRANASAL, Way.ORAL_PROLONGED})


@dataclass(frozen=True, slots=True)
class Interaction:
    """S-ketamine with another medicine over without it, by one way. None was not published."""

    medicine: str
    way: Way
    area_ratio: float
    peak_ratio: float | None
    mark: str
    source: str


@cache
def known() -> tuple[Interaction, ...]:
    """Every row of this release."""
    path = files("kapstone.pharmacology").joinpath("interactions.toml")
    return tuple(
        Interaction(
            row["medicine"],
            Way(row["way"]),
            row["area_ratio"],
            row.get("peak_ratio"),
            row["mark"],
            row["source"],
        )
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["interaction"]
    )


def interactions(way: Way) -> tuple[Interaction, ...]:
    """What was measured by this way."""
    return tuple(one for one in known() if one.way is way)


def applying(medicine: str, ways: tuple[Way, ...]) -> tuple[Interaction, ...]:
    """The rows of a medicine that bear on doses by these ways.

    Raises
    ------
    InvalidInput
        where none was published for any of them.
    """
    by = {Way.ORAL if way in PARTLY_SWALLOWED else way for way in ways}
    found = tuple(one for one in known() if one.medicine == medicine and one.way in by)
    if not found:
        names = sorted({one.medicine for one in known() if one.way in by})
        told = f"Published: {', '.join(names)}." if names else "Nothing is published."
        raise InvalidInput("medicine", f"{medicine!r} has no ratio for this way.", told)
    return found


def warnings(found: tuple[Interaction, ...], ways: tuple[Way, ...]) -> tuple[str, ...]:
    """What a reader must know of a curve that carries them."""
    told = []
    for one in found:
        peak = f"; its published peak is {one.peak_ratio:g} times" if one.peak_ratio else ""
        told.append(
            f"With {one.medicine}, {one.way}: the published area of S-ketamine is "
            f"{one.area_ratio:g} times that without it{peak}. What enters by that way is drawn so "
            "many times as high; the band does not hold how people differ in it."
        )
    if any(one.way is Way.ORAL for one in found) and PARTLY_SWALLOWED & set(ways):
        told.append("The ratio was measured with a swallowed dose, and bears on what is swallowed.")
    return tuple(told)
