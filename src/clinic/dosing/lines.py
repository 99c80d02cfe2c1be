"""The line of a session, its rows and the core's events, kept in memory between two readings.

Rows never change, and a session's lock numbers them in the order in which they are committed. So
what was read up to a number stays true, and only the rows after it are read again.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from clinic.dosing.kinds import Placed, core_event
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.people.worded import worded_once
from kapstone.monitoring.events import Event

SESSIONS_KEPT = 32  # more than a clinic has chairs


@dataclass(frozen=True, slots=True)
class Known:
    """A line up to a number. Nobody changes a row of it: other threads hold the same.

    newest_at: the latest moment at which a row of it was recorded.
    """

    number: int = 0
    rows: tuple[SessionEvent, ...] = ()
    events: tuple[Event, ...] = ()
    newest_at: datetime | None = None


_known: OrderedDict[UUID, Known] = OrderedDict()
_lock = threading.Lock()


def read(session: DosingSession) -> Known:
    """A session's line up to now: every row by its number, and what the core folds of them."""
    with _lock:
        known = _known.get(session.pk, Known())
    new = _later(session.pk, known.number)
    if not new:
        return known
    newest_at = max(filter(None, (known.newest_at, *(row.recorded_at for row in new))))
    events = (*known.events, *core_events(new))
    found = Known(new[-1].number, (*known.rows, *new), events, newest_at)
    # Not before it is on disk: a row that is rolled back never was.
    transaction.on_commit(lambda: _keep(session.pk, found))
    return found


@worded_once
def _later(session_id: UUID, number: int) -> QuerySet[SessionEvent]:
    rows = SessionEvent.objects.filter(session=session_id, number__gt=number)
    return rows.select_related("replaces", "by").order_by("number")


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
