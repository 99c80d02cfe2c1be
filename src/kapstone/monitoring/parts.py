"""The parts of a dose: which routes take a second one, and when a pause is chased.

Every figure is a proposal of ours, mark P. Source: protocol 4.2 and 6.2 name no figure.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from kapstone.errors import UnknownContent
from kapstone.monitoring.fields import table
from kapstone.monitoring.moments import minutes


@dataclass(frozen=True, slots=True)
class SecondPart:
    """Whether a route takes a second part on one day, and why."""

    id: str
    route: str
    allowed: bool
    why: str
    mark: str
    source: tuple[str, ...]


@cache
def second_parts() -> tuple[SecondPart, ...]:
    """The committed rows."""
    return tuple(
        SecondPart(
            id=row.text("id"),
            route=row.text("route"),
            allowed=row.flag("allowed"),
            why=row.text("why"),
            mark=row.text("mark"),
            source=row.words("source"),
        )
        for row in table("parts").children("second_part")
    )


def second_part(route: str) -> SecondPart:
    """The row of a route; UnknownContent where there is none."""
    for row in second_parts():
        if row.route == route:
            return row
    raise UnknownContent(f"Nothing is held on a second part by {route}.")


def pause_chased_after() -> timedelta:
    """From when an infusion that stands still is told to a person."""
    return minutes(table("parts").whole("pause_chased_after_min"))


def amounts_differ_percent() -> int:
    """How far what was charted may lie from what the charted rates give, of the latter."""
    return table("parts").whole("amounts_differ_percent")
