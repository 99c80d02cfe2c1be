"""Reads: what is to be made ready before a visit, and what of it is not."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone

from clinic.dosing.models import DosingSession
from clinic.people.models import Patient
from clinic.people.worded import worded_once
from clinic.readying.models import LineSaid
from kapstone.pathway import Session
from kapstone.schedule import Line, to_make_ready


class State(StrEnum):
    """What was last said of a line."""

    READY = "ready"
    HELP = "help"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class ToDo:
    """One line before one visit. at: by when, or from when on."""

    line: Line
    at: datetime
    said: LineSaid | None

    @property
    def state(self) -> State:
        """What was last said of it."""
        if self.said is None:
            return State.UNSAID
        return State.READY if self.said.ready else State.HELP


@dataclass(frozen=True, slots=True)
class Visit:
    """A booked session that is still to come, with its list in the order of the day."""

    session: DosingSession
    starts_at: datetime
    room: str
    todo: tuple[ToDo, ...]

    @property
    def unmet(self) -> tuple[ToDo, ...]:
        """What nobody has said is ready."""
        return tuple(one for one in self.todo if one.state is not State.READY)

    @property
    def asks_for_help(self) -> bool:
        """Whether something of it cannot be made ready without somebody."""
        return any(one.state is State.HELP for one in self.todo)


def visit(patient: Patient, now: datetime) -> Visit | None:
    """The visit that this person is booked for, or None."""
    return next(_visits(list(_booked_after(now).filter(patient=patient))), None)


def not_ready(now: datetime) -> list[Visit]:
    """Who lacks something for a visit of today or tomorrow, or asked for help with any visit."""
    day_after = timezone.localdate(now) + timedelta(days=1)
    return [
        one
        for one in _visits(list(_booked(now)))
        if one.asks_for_help or (one.unmet and timezone.localdate(one.starts_at) <= day_after)
    ]


@worded_once
def _booked(now: datetime) -> QuerySet[DosingSession]:
    return _booked_after(now)


def _booked_after(now: datetime) -> QuerySet[DosingSession]:
    rows = DosingSession.objects.filter(
        phase=str(Session.SCHEDULED), appointment__isnull=False, appointment__ends_at__gt=now
    )
    return rows.select_related("patient", "appointment").order_by("appointment__starts_at")


def _visits(sessions: list[DosingSession]) -> Iterator[Visit]:
    said: dict[object, dict[str, LineSaid]] = defaultdict(dict)
    if sessions:
        kept = LineSaid.objects.filter(appointment__in=[one.appointment_id for one in sessions])
        for row in kept.select_related("by__patient").order_by("pk"):
            said[row.appointment_id][row.line] = row
    for session in sessions:
        booked = session.appointment
        assert booked is not None  # noqa: S101  # the query asked for it
        lines = to_make_ready(session.product, booked.starts_at)
        of_it = said[booked.pk]
        todo = tuple(ToDo(line, at, of_it.get(line.id)) for line, at in lines)
        yield Visit(session, booked.starts_at, booked.room, todo)
