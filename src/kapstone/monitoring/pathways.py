"""What is to be done, step by step: the rows of pathways.json. Source: protocol 6.3.

No row holds a drug or an amount. Where a step needs one, an order has to say it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache

from kapstone.monitoring.alarms import Tier
from kapstone.monitoring.fields import Fields, table
from kapstone.monitoring.moments import minutes


class Callee(StrEnum):
    """Who is called. Whom that is today, and by which number, the clinic knows."""

    EMERGENCY = "emergency"
    PRESCRIBER = "prescriber"
    DIRECTOR = "director"
    ESCORT = "escort"


@dataclass(frozen=True, slots=True)
class Rung:
    """Who is called at a tier, the first of them first."""

    tier: Tier
    who: tuple[Callee, ...]
    mark: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pathway:
    """Steps for a nurse.

    order_steps: the places, from 1, of those where a drug may come in: only an order says which.
    also: who is called beside the tier's rung. charted: an answer of yes that opens it by itself.
    prescriber_after: open for so long, the prescriber is called to the chair.
    """

    id: str
    tier: Tier
    title: str
    steps: tuple[str, ...]
    order_steps: tuple[int, ...]
    also: tuple[Callee, ...]
    charted: tuple[str, ...]
    prescriber_after: timedelta | None
    mark: str
    source: tuple[str, ...]

    @property
    def standing_order(self) -> bool:
        """Whether some of its steps need an order that a prescriber signed."""
        return bool(self.order_steps)

    @property
    def call(self) -> tuple[Callee, ...]:
        """Whom to call: by its tier, and who else is named in its steps."""
        rung = next(one for one in ladder() if one.tier is self.tier)
        return tuple(dict.fromkeys((*rung.who, *self.also)))


@cache
def pathways() -> tuple[Pathway, ...]:
    """The committed rows, in their order."""
    return tuple(_pathway(row) for row in table("pathways").children("pathways"))


@cache
def ladder() -> tuple[Rung, ...]:
    """Who is called, by tier."""
    return tuple(
        Rung(Tier(row.text("tier")), _callees(row, "who"), row.text("mark"), row.words("source"))
        for row in table("pathways").children("ladder")
    )


def _callees(row: Fields, key: str) -> tuple[Callee, ...]:
    return tuple(Callee(word) for word in row.words(key))


def _pathway(row: Fields) -> Pathway:
    after = "prescriber_after_min"
    return Pathway(
        id=row.text("id"),
        tier=Tier(row.text("tier")),
        title=row.text("title"),
        steps=row.words("steps"),
        order_steps=row.integers("order_steps"),
        also=_callees(row, "also"),
        charted=row.words("charted"),
        prescriber_after=minutes(row.whole(after)) if row.has(after) else None,
        mark=row.text("mark"),
        source=row.words("source"),
    )
