"""The line of a session, kept in memory between two readings: its rows, and what the core folds.

Rows never change, and a session's lock numbers them in the order in which they are committed. So
what was read up to a number stays true, and only the rows after it are read again.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile
from typing import Self, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from clinic.dosing.kinds import SOURCE, Placed, core_event
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.people.worded import worded_once
from kapstone.monitoring.alarms import Alarm
from kapstone.monitoring.events import Event, Kind
from kapstone.monitoring.schedules import schedule_for
from kapstone.monitoring.session import Folded

Numbered = TypeVar("Numbered", SessionEvent, Event)
SESSIONS_KEPT = 256  # more than a clinic has chairs
EVENTS_KEPT = 1_200_000  # of all of them, about 700 MB: 100 monitors for more than 3 hours


@dataclass(frozen=True, slots=True)
class Known:
    """A line up to a number. Nobody changes a row of it: other threads hold the same.

    rows: by their number, without the samples of devices, which are thousands; those stand in
    `folded`. made_up: by key, when a reading that nobody measured was last true, and its source.
    newest_at: the latest moment at which a row was charted.
    """

    folded: Folded
    number: int = 0
    rows: tuple[SessionEvent, ...] = ()
    made_up: Mapping[str, tuple[datetime, str]] = field(default_factory=dict)
    newest_at: datetime | None = None

    @property
    def events(self) -> tuple[Event, ...]:
        """What the core folds, samples and all."""
        return self.folded.events

    def alarms(self, at: datetime) -> tuple[Alarm, ...]:
        """The alarms at a moment, but never at one before the newest line.

        Who waited for their turn to write has an older clock: what was charted meanwhile would
        count as not yet true, and its alarm as ended.
        """
        return self.folded.alarms(max(at, self.newest_at or at))

    def since(self, number: int) -> list[tuple[int, str, datetime]]:
        """Number, kind and moment of each line after a number: of the core's and of the room's."""
        found = [(row.number, row.kind, row.observed_at) for row in _after(self.rows, number)]
        samples = (one for one in _after(self.events, number) if one.kind is Kind.SAMPLE)
        return sorted([*found, *((one.number, str(one.kind), one.observed_at) for one in samples)])

    def then(self, new: Iterable[SessionEvent]) -> Self:
        """With the rows that come after."""
        found = list(new)
        made_up = {**self.made_up}
        for row in found:
            if SOURCE in row.body:
                told = row.observed_at, str(row.body[SOURCE])
                made_up |= {key: max(told, made_up.get(key, told)) for key in row.body}
        return replace(
            self,
            folded=self.folded.then(core_events(found)),
            number=found[-1].number,
            rows=(*self.rows, *(row for row in found if row.kind != Kind.SAMPLE)),
            made_up=made_up,
            newest_at=max(filter(None, (self.newest_at, *(row.recorded_at for row in found)))),
        )


def _after(numbered: Sequence[Numbered], number: int) -> Iterator[Numbered]:
    """The last of those that stand in the order of their numbers."""
    return takewhile(lambda one: one.number > number, reversed(numbered))


_known: OrderedDict[UUID, Known] = OrderedDict()
_lock = threading.Lock()


def read(session: DosingSession) -> Known:
    """A session's line up to now: every row by its number, and what the core folds of them."""
    known = kept(session)
    new = list(_later(session.pk, known.number))
    return keep(session, known.then(new)) if new else known


def up_to_date(session: DosingSession) -> Known:
    """The same of a session that was just read: the table is asked only if more was charted."""
    known = kept(session)
    return known if known.number == session.last_number else read(session)


def kept(session: DosingSession) -> Known:
    """What of it was read before."""
    with _lock:
        known = _known.get(session.pk)
    return known or Known(Folded.of(schedule_for(session.product, session.route), ()))


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


def keep(session: DosingSession, found: Known) -> Known:
    """Kept from when it is on disk, and not before: a row that is rolled back never was."""
    transaction.on_commit(lambda: _keep(session.pk, found))
    return found


def _keep(session_id: UUID, found: Known) -> None:
    with _lock:
        known = _known.get(session_id)
        if known is None or found.number > known.number:
            _known[session_id] = found
        _known.move_to_end(session_id)
        count = sum(len(each.events) for each in _known.values())
        while len(_known) > SESSIONS_KEPT or (count > EVENTS_KEPT and len(_known) > 1):
            _, forgotten = _known.popitem(last=False)
            count -= len(forgotten.events)
