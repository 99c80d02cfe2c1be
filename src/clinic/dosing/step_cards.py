"""Open steps as the console draws them: a clock, whom to call, what was done and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clinic.dosing import before, callees
from clinic.dosing.callees import Named
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.dosing.opened import Opening
from clinic.dosing.words import OUTCOMES
from clinic.planning.standing import Standing, State, serves
from kapstone.monitoring.pathways import Pathway

LAPSED = (State.EXPIRED, State.SIGNER, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Step:
    """One step. done: the line that says so. asks_order: a drug may come in, by order alone.

    orders: the clinic's own that are in force for it. lapsed: why another one is not.
    """

    number: int
    words: str
    done: SessionEvent | None
    asks_order: bool
    orders: tuple[Standing, ...] = ()
    lapsed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """Steps that are open. elapsed: minutes and seconds since the onset, of elapsed time.

    late: they have been open for so long that the prescriber comes.
    """

    opening: Opening
    row: Pathway
    elapsed: str
    call: tuple[Named, ...]
    steps: tuple[Step, ...]
    late: bool
    outcomes: tuple[tuple[str, str], ...] = tuple(OUTCOMES.items())


def of(session: DosingSession, running: Sequence[Opening], now: datetime) -> list[Card]:
    """A card for each; without any, nothing is asked of the database."""
    found = [(one, one.row) for one in running]
    asks = any(row.standing_order for _, row in found if row is not None)
    known = before.standing_orders(now) if asks else []
    return [_card(session, one, row, known, now) for one, row in found if row is not None]


def _card(
    session: DosingSession, one: Opening, row: Pathway, known: Sequence[Standing], now: datetime
) -> Card:
    return Card(
        opening=one,
        row=row,
        elapsed=elapsed(one.onset, now),
        call=tuple(callees.now(row.call, session.patient, now)),
        steps=tuple(_step(one, row, number, known) for number in range(1, len(row.steps) + 1)),
        late=is_late(one, now),
    )


def is_late(one: Opening, now: datetime) -> bool:
    """Whether it is time to call the prescriber: an alarm that opens steps has called already."""
    after = one.row.prescriber_after if one.row and one.opened else None
    return after is not None and now - one.onset >= after


def _step(one: Opening, row: Pathway, number: int, known: Sequence[Standing]) -> Step:
    words, asks = callees.here(row.steps[number - 1]), number in row.order_steps
    typed = [each for each in known if asks and serves(each, row.id, number)]
    orders = tuple(each for each in typed if each.state is State.IN_FORCE)
    lapsed = tuple(str(each.state) for each in typed if each.state in LAPSED)
    return Step(number, words, one.ticks.get(number), asks, orders, lapsed)


def elapsed(since: datetime, now: datetime) -> str:
    """Minutes and seconds between two moments, whatever the clocks on the wall did."""
    minutes, seconds = divmod(max(0, int((now - since).total_seconds())), 60)
    return f"{minutes}:{seconds:02d}"
