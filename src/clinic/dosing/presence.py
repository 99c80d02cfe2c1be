"""Who is in the room with the person: charted by a tap, told against rows of the core."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from clinic.calendar import queries as calendar
from clinic.dosing import actions, before, lines
from clinic.dosing.kinds import HERE, PRESENCE, Chart
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.people import access
from clinic.people.models import StaffMember, User
from clinic.people.roles import Role
from kapstone.errors import InvalidInput
from kapstone.monitoring.presence import Seat, Situation, lacking
from kapstone.monitoring.session import ENDED, SessionState

_MONITORS = frozenset({Role.NURSE, Role.PRESCRIBER, Role.MEDICAL_DIRECTOR, Role.ASSISTANT})


@dataclass(frozen=True, slots=True)
class InRoom:
    """Somebody charted as in the room, and since when."""

    staff_id: int
    name: str
    seat: Seat
    since: datetime

    @property
    def words(self) -> str:
        """Name and what they are there for."""
        return self.name if self.seat is Seat.OTHER else f"{self.name}, {self.seat}"


def in_room(known: lines.Known) -> list[InRoom]:
    """Who is there by the last word about each, in the order in which they came."""
    replaced = {row.replaces_id for row in known.rows}
    told = (row for row in known.rows if row.kind == PRESENCE and row.pk not in replaced)
    last: dict[int, InRoom] = {}
    for row in sorted(told, key=lambda row: (row.observed_at, row.number)):
        staff_id = int(str(row.body["staff"]))
        before_that = last.pop(staff_id, None)
        if row.body["here"] == HERE:
            seat = Seat(str(row.body["seat"]))
            since = before_that.since if before_that else row.observed_at
            last[staff_id] = InRoom(staff_id, str(row.body["name"]), seat, since)
    return sorted(last.values(), key=lambda one: one.since)


def warnings(
    session: DosingSession, present: Sequence[InRoom], state: SessionState
) -> Iterator[str]:
    """What rows of presence ask for and nobody charted, from the first drug to the end."""
    if state.dose is None or state.phase in ENDED:
        return
    moaas = state.latest.get("moaas_score")
    score = moaas.value if moaas else None
    now = Situation(
        route=session.route,
        # With nobody there the dose model adds no word, and a query.
        dose_model_id=before.dose_model(session.patient) if present else "",
        moaas_score=None if isinstance(score, bool) else score,
    )
    for row in lacking([one.seat for one in present], now):
        yield f"{row.title}."


def candidates(present: Sequence[InRoom], at: datetime) -> list[StaffMember]:
    """Those on shift who are not charted as there."""
    there = {one.staff_id for one in present}
    return [each for each in calendar.on_shift(at) if each.pk not in there]


@transaction.atomic
def tell(
    *,
    session: DosingSession,
    event_id: UUID,
    staff: StaffMember,
    here: bool,
    by: User,
    at: datetime,
) -> SessionEvent:
    """Somebody came in, or went out. What they are there for follows from their roles now."""
    if here and staff.left_at is not None:
        raise InvalidInput("staff", "does not work here any more.", "Choose somebody who does.")
    body = {
        "staff": str(staff.pk),
        "name": staff.name,
        "seat": str(_seat(access.actor(staff.user, at).roles)),
        "here": HERE if here else "no",
    }
    chart = Chart(event_id, PRESENCE, at, body)
    return actions.record(session=session, chart=chart, by=by, at=at)


def _seat(roles: frozenset[Role]) -> Seat:
    if Role.THERAPIST in roles:
        return Seat.THERAPIST
    return Seat.MONITOR if roles & _MONITORS else Seat.OTHER
