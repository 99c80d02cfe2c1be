"""Open steps as the console draws them: a clock, whom to call, what was done and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clinic.dosing import callees
from clinic.dosing.callees import Named
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.dosing.opened import Opening
from clinic.dosing.words import OUTCOMES
from kapstone.monitoring.pathways import Pathway


@dataclass(frozen=True, slots=True)
class Step:
    """One step. done: the line that says so. asks_order: a drug may come in, by order alone."""

    number: int
    words: str
    done: SessionEvent | None
    asks_order: bool


@dataclass(frozen=True, slots=True)
class Card:
    """Steps that are open. elapsed: minutes and seconds since the onset, of elapsed time."""

    opening: Opening
    row: Pathway
    elapsed: str
    call: tuple[Named, ...]
    steps: tuple[Step, ...]
    outcomes: tuple[tuple[str, str], ...] = tuple(OUTCOMES.items())


def of(session: DosingSession, running: Sequence[Opening], now: datetime) -> list[Card]:
    """A card for each; without any, nothing is asked of the database."""
    found = [(one, one.row) for one in running]
    return [_card(session, one, row, now) for one, row in found if row is not None]


def _card(session: DosingSession, one: Opening, row: Pathway, now: datetime) -> Card:
    return Card(
        opening=one,
        row=row,
        elapsed=elapsed(one.onset, now),
        call=tuple(callees.now(row.call, session.patient, now)),
        steps=tuple(
            Step(number, callees.here(words), one.ticks.get(number), number in row.order_steps)
            for number, words in enumerate(row.steps, 1)
        ),
    )


def elapsed(since: datetime, now: datetime) -> str:
    """Minutes and seconds between two moments, whatever the clocks on the wall did."""
    minutes, seconds = divmod(max(0, int((now - since).total_seconds())), 60)
    return f"{minutes}:{seconds:02d}"
