"""What is to be done, step by step: the rows of pathways.json. Source: protocol 6.3.

No row holds a drug or an amount. Where a step needs one, an order has to say it.
"""

from dataclasses import dataclass
from functools import cache

from kapstone.monitoring.alarms import Tier
from kapstone.monitoring.fields import Fields, table


@dataclass(frozen=True, slots=True)
class Pathway:
    """Steps for a nurse. standing_order: some of them need an order that a prescriber signed."""

    id: str
    tier: Tier
    title: str
    steps: tuple[str, ...]
    standing_order: bool
    mark: str
    source: tuple[str, ...]


@cache
def pathways() -> tuple[Pathway, ...]:
    """The committed rows, in their order."""
    return tuple(_pathway(row) for row in table("pathways").children("pathways"))


def _pathway(row: Fields) -> Pathway:
    return Pathway(
        id=row.text("id"),
        tier=Tier(row.text("tier")),
        title=row.text("title"),
        steps=row.words("steps"),
        standing_order=row.flag("standing_order"),
        mark=row.text("mark"),
        source=row.words("source"),
    )
