"""Who charts in a session keeps what they may do in it until it ends: see people/beside.py."""

from datetime import datetime

from clinic.dosing import lines
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.people import access, beside
from clinic.people.roles import Relation, Role


def keep(*, session: DosingSession, event: SessionEvent, line: lines.Known, at: datetime) -> None:
    """The first line that somebody charts; later ones ask the database nothing."""
    by = event.by
    if by is None or _charted_before(line, event):
        return
    who = access.actor(by, at)
    roles = who.roles - {Role.PATIENT}
    if who.staff_id is None or not roles:
        return
    if Relation.TREATING in access.relation(who, session.patient):
        beside.sit(
            staff_id=who.staff_id,
            patient=session.patient,
            session_id=session.pk,
            roles=roles,
            at=at,
        )


def _charted_before(line: lines.Known, event: SessionEvent) -> bool:
    return any(row.by_id == event.by_id and row.number < event.number for row in line.rows)
