"""Consoles say what they have shown, every few seconds, for as long as they are open."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from clinic.dosing import hub
from clinic.dosing.models import ConsoleBeat, DosingSession
from clinic.people import audit
from clinic.people.models import User
from clinic.people.worded import worded_once

# A page beats every 2 s, and the loop looks every second: found within 10 s. Mark P.
SILENT_AFTER = timedelta(seconds=8)


@transaction.atomic
def beat(
    *, session: DosingSession, console_id: UUID, shown_number: int, by: User, at: datetime
) -> ConsoleBeat:
    """This console is awake and has shown the line up to this number."""
    said = {"shown_number": shown_number, "beat_at": at, "left_at": None}
    mine = ConsoleBeat.objects.select_for_update().filter(session=session, console_id=console_id)
    known = mine.first()
    if known is None:
        return ConsoleBeat.objects.create(session=session, console_id=console_id, user=by, **said)
    if known.user_id != by.pk:
        return known  # a page speaks for who loaded it
    was_lost = _is_lost(known, at)
    for name, value in said.items():
        setattr(known, name, value)
    known.save(update_fields=[*said])
    if was_lost:
        hub.announce(session.pk, session.last_number)
    return known


def leave(*, session: DosingSession, console_id: UUID, by: User, at: datetime) -> int:
    """This console was closed by its user: no longer missed."""
    return session.consoles.filter(console_id=console_id, user=by).update(left_at=at)


@transaction.atomic
def gone(*, console: ConsoleBeat, by: User, at: datetime) -> None:
    """Somebody looked, and a console that fell silent is not in use any more."""
    console.left_at = at
    console.save(update_fields=["left_at"])
    session = console.session
    audit.record("console_gone", by=by, at=at, patient=session.patient, subject=session)
    hub.announce(session.pk, session.last_number)


def lost(session: DosingSession, now: datetime) -> list[ConsoleBeat]:
    """Consoles that went quiet without being closed: asleep, frozen or cut off."""
    return [one for one in opened(session) if _is_lost(one, now)]


def shows_still(session: DosingSession, now: datetime) -> bool:
    """Whether any console shows the session."""
    return any(not _is_lost(one, now) for one in opened(session))


def opened(session: DosingSession) -> list[ConsoleBeat]:
    """Consoles that nobody closed, the longest silent first."""
    return _opened(session.pk)


@worded_once
def _opened(session_id: UUID) -> QuerySet[ConsoleBeat]:
    rows = ConsoleBeat.objects.filter(session=session_id, left_at__isnull=True)
    return rows.select_related("user").order_by("beat_at")


def _is_lost(console: ConsoleBeat, now: datetime) -> bool:
    return console.left_at is None and now - console.beat_at > SILENT_AFTER
