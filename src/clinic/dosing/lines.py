"""The line of a session as the core's events, kept in memory between one reading and the next.

Rows never change, and a session's lock numbers them in the order in which they are committed. So
what was read up to a number stays true, and only the rows after it are read again.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from clinic.dosing.kinds import Placed, core_event
from clinic.dosing.models import DosingSession, SessionEvent
from kapstone.monitoring.events import Event

SESSIONS_KEPT = 64  # more than a clinic has chairs


@dataclass(frozen=True, slots=True)
class Known:
    """The events of a line up to a number."""

    number: int = 0
    events: tuple[Event, ...] = ()


_known: OrderedDict[UUID, Known] = OrderedDict()
_lock = threading.Lock()


def events(session: DosingSession) -> tuple[Event, ...]:
    """Every event of a session that the core folds, by its number."""
    with _lock:
        known = _known.get(session.pk, Known())
    later = session.events.filter(number__gt=known.number).select_related("replaces")
    rows = list(later.order_by("number"))
    if not rows:
        return known.events
    found = Known(rows[-1].number, (*known.events, *core_events(rows)))
    # Not before it is on disk: a row that is rolled back never was.
    transaction.on_commit(lambda: _keep(session.pk, found))
    return found.events


def core_events(rows: Iterable[SessionEvent]) -> list[Event]:
    """The events that the core folds; the room's own kinds are left out."""
    found = (core_event(row.kind, row.body, _placed(row)) for row in rows)
    return [event for event in found if event is not None]


def _placed(row: SessionEvent) -> Placed:
    replaced = row.replaces.number if row.replaces else None
    return Placed(row.number, row.observed_at, replaced)


def _keep(session_id: UUID, found: Known) -> None:
    with _lock:
        if found.number > _known.get(session_id, Known()).number:
            _known[session_id] = found
        _known.move_to_end(session_id)
        while len(_known) > SESSIONS_KEPT:
            _known.popitem(last=False)
