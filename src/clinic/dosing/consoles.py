"""Consoles say what they have shown, every few seconds, for as long as they are open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from clinic.dosing import hub
from clinic.dosing.models import ConsoleBeat, DosingSession, Sound
from clinic.people import audit, worded
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


@dataclass(frozen=True, slots=True)
class Beat:
    """What a page said of itself, when, in which session and by whom."""

    session_id: UUID
    user_id: int
    said: Said
    at: datetime


def said(told: Mapping[str, str]) -> Said | None:
    """A beat as a page words it; None where it names no console."""
    if (console_id := id_of(told, "console")) is None:
        return None
    number, sound = told.get("number", ""), told.get("sound", "")
    shown = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
    heard = Sound(sound) if sound in Sound.values else Sound.UNKNOWN
    return Said(console_id, shown, heard, id_of(told, "tab"))


def id_of(told: Mapping[str, str], name: str) -> UUID | None:
    """The id that a page sent by this name."""
    try:
        return UUID(told.get(name, ""))
    except ValueError:
        return None


def beat(*, session: DosingSession, said: Said, by: User, at: datetime) -> ConsoleBeat:
    """This console is awake and has shown the line up to this number."""
    (row,) = beat_all([Beat(session.pk, by.pk, said, at)], {})
    return row


@transaction.atomic
def beat_all(beats: Sequence[Beat], known: Mapping[UUID, ConsoleBeat]) -> list[ConsoleBeat]:
    """The same of many, each of another console; their rows.

    known: rows of consoles that are not lost, as this process wrote them: they need not be read.
    """
    rows, others = [], []
    for one in beats:
        if (row := known.get(one.said.console_id)) is None:
            others.append(one)
            continue
        row.beat_at, row.shown_number = one.at, one.said.shown_number
        rows.append(row)
    if rows:
        worded.update_all(rows, "beat_at", "shown_number")
    return [*rows, *_read_first(others)] if others else rows


def _read_first(beats: Sequence[Beat]) -> list[ConsoleBeat]:
    told = {one.said.console_id: one for one in beats}
    rows = {row.console_id: row for row in _locked(told)}
    if new := [one for console_id, one in told.items() if console_id not in rows]:
        _open(new)
        rows |= {row.console_id: row for row in _locked([one.said.console_id for one in new])}
    news = {row.session_id for row in rows.values() if _beaten(row, told[row.console_id])}
    worded.update_all(list(rows.values()), "beat_at", "shown_number", "sound", "left_at")
    hub.announce_all((session_id, hub.NO_LINE) for session_id in news)
    return list(rows.values())


def _beaten(row: ConsoleBeat, one: Beat) -> bool:
    """Take a beat; whether it is news to the others."""
    if row.user_id != one.user_id or row.session_id != one.session_id:
        return False  # a page speaks for who loaded it
    if row.left_at is not None and one.at - row.left_at < SILENT_AFTER:
        return False  # it was under way when the page was closed
    is_news = is_lost(row, one.at) or row.sound != one.said.sound
    row.shown_number, row.sound = one.said.shown_number, one.said.sound
    row.beat_at, row.left_at = one.at, None
    return is_news


def _locked(console_ids: Collection[UUID]) -> QuerySet[ConsoleBeat]:
    rows = ConsoleBeat.objects.select_for_update()
    return rows.filter(console_id__in=console_ids).order_by("pk")


def _open(beats: Sequence[Beat]) -> None:
    """Consoles that are new. Another beat of the same page may have been first."""
    tabs = [one.said.tab_id for one in beats if one.said.tab_id]
    before = ConsoleBeat.objects.filter(tab_id__in=tabs, heard_at__isnull=False)
    heard = {
        (row.session_id, row.user_id, row.tab_id): row.heard_at
        for row in (before.order_by("heard_at") if tabs else ())
    }
    rows = [
        ConsoleBeat(
            session_id=one.session_id,
            console_id=one.said.console_id,
            user_id=one.user_id,
            tab_id=one.said.tab_id,
            heard_at=heard.get((one.session_id, one.user_id, one.said.tab_id)),
            shown_number=one.said.shown_number,
            sound=one.said.sound,
            beat_at=one.at,
        )
        for one in beats
    ]
    ConsoleBeat.objects.bulk_create(rows, ignore_conflicts=True)


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
