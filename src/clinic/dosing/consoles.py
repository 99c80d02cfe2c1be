"""Consoles say what they have shown, every few seconds, for as long as they are open."""

from datetime import datetime

from clinic.dosing.models import ConsoleBeat, DosingSession
from clinic.people.models import User


def beat(*, session: DosingSession, shown_number: int, by: User, at: datetime) -> ConsoleBeat:
    """This console is awake and has shown the line up to this number."""
    return ConsoleBeat.objects.update_or_create(
        session=session,
        user=by,
        defaults={"shown_number": shown_number, "beat_at": at, "left_at": None},
    )[0]


def leave(*, session: DosingSession, by: User, at: datetime) -> int:
    """This console was closed by its user: no longer missed."""
    return session.consoles.filter(user=by).update(left_at=at)
