"""Consoles say what they have shown, every few seconds, for as long as they are open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from clinic.dosing import hub
from clinic.dosing.models import ConsoleBeat, DosingSession, Sound
from clinic.people import audit
from clinic.people.models import User
from clinic.people.worded import worded_once

# A page beats every 2 s, and the loop looks every second: found within 10 s. Mark P.
SILENT_AFTER = timedelta(seconds=8)
_awake: dict[UUID, datetime] = {}  # while nothing can be written; by console


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says of itself at a beat."""

    console_id: UUID
    shown_number: int
    sound: Sound = Sound.UNKNOWN
    tab_id: UUID | None = None


def said(told: Mapping[str, str]) -> Said | None:
    """A beat as a page words it; None where it names no console."""
    console_id, number, sound = _id(told, "console"), told.get("number", ""), told.get("sound", "")
    if console_id is None:
        return None
    shown = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
    heard = Sound(sound) if sound in Sound.values else Sound.UNKNOWN
    return Said(console_id, shown, heard, _id(told, "tab"))


def _id(told: Mapping[str, str], name: str) -> UUID | None:
    try:
        return UUID(told.get(name, ""))
    except ValueError:
        return None


@transaction.atomic
def beat(*, session: DosingSession, said: Said, by: User, at: datetime) -> ConsoleBeat:
    """This console is awake and has shown the line up to this number."""
    told = {"shown_number": said.shown_number, "sound": said.sound, "beat_at": at, "left_at": None}
    known = _of(session, said.console_id)
    if known is None:
        before = {"tab_id": said.tab_id, "heard_at": _heard_before(session, said, by)}
        return ConsoleBeat.objects.create(
            session=session, console_id=said.console_id, user=by, **before, **told
        )
    if known.user_id != by.pk:
        return known  # a page speaks for who loaded it
    if known.left_at is not None and at - known.left_at < SILENT_AFTER:
        return known  # it was under way when the page was closed
    is_news = is_lost(known, at) or known.sound != said.sound
    for name, value in told.items():
        setattr(known, name, value)
    known.save(update_fields=[*told])
    if is_news:
        hub.announce(session.pk, hub.NO_LINE)
    return known


def note_awake(console_id: UUID, at: datetime) -> None:
    """This console beats, and the clinic cannot write it down: it is not lost for that."""
    _awake[console_id] = at


@transaction.atomic
def heard(*, session: DosingSession, console_id: UUID, by: User, at: datetime) -> bool:
    """A person heard the alarm's test tone at this console. False where it is not theirs."""
    known = _of(session, console_id)
    if known is None or known.user_id != by.pk or known.sound != Sound.ON:
        return False
    known.heard_at = at
    known.save(update_fields=["heard_at"])
    audit.record("hear_alarm_sound", by=by, at=at, patient=session.patient, subject=session)
    hub.announce(session.pk, hub.NO_LINE)
    return True


def _heard_before(session: DosingSession, said: Said, by: User) -> datetime | None:
    """When it was heard in this tab, before the page was loaded again."""
    if said.tab_id is None:
        return None
    mine = session.consoles.filter(tab_id=said.tab_id, user=by, heard_at__isnull=False)
    last = mine.order_by("heard_at").last()
    return last.heard_at if last else None


def _of(session: DosingSession, console_id: UUID) -> ConsoleBeat | None:
    rows = ConsoleBeat.objects.select_for_update()
    return rows.filter(session=session, console_id=console_id).first()


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
    hub.announce(session.pk, hub.NO_LINE)


def lost(session: DosingSession, now: datetime) -> list[ConsoleBeat]:
    """Consoles that went quiet without being closed: asleep, frozen or cut off."""
    return [one for one in opened(session) if is_lost(one, now)]


def lost_by_session(now: datetime) -> dict[UUID, list[ConsoleBeat]]:
    """The same of every session at once."""
    found: dict[UUID, list[ConsoleBeat]] = {}
    silent = ConsoleBeat.objects.filter(left_at__isnull=True, beat_at__lt=now - SILENT_AFTER)
    for one in silent.order_by("beat_at"):
        if is_lost(one, now):  # not one whose beats could not be written
            found.setdefault(one.session_id, []).append(one)
    return found


def audible(session: DosingSession, now: datetime) -> list[ConsoleBeat]:
    """Consoles that are awake, make sound, and were heard by a person."""
    return [
        one
        for one in opened(session)
        if one.heard_at and one.sound == Sound.ON and not is_lost(one, now)
    ]


def shows_still(session: DosingSession, now: datetime) -> bool:
    """Whether any console shows the session."""
    return any(not is_lost(one, now) for one in opened(session))


def opened(session: DosingSession) -> list[ConsoleBeat]:
    """Consoles that nobody closed, the longest silent first."""
    return _opened(session.pk)


@worded_once
def _opened(session_id: UUID) -> QuerySet[ConsoleBeat]:
    rows = ConsoleBeat.objects.filter(session=session_id, left_at__isnull=True)
    return rows.select_related("user").order_by("beat_at")


def is_lost(console: ConsoleBeat, now: datetime) -> bool:
    """Whether it went quiet without being closed."""
    beat_at = max(console.beat_at, _awake.get(console.console_id, console.beat_at))
    return console.left_at is None and now - beat_at > SILENT_AFTER
