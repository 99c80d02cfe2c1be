"""Beats of consoles that follow their session from this process, kept until they are written.

A page beats every 2 s, and the way of a page takes 5 ms of a processor: 100 sessions with five
screens each would cost more than one. So a console's first beat goes that way, and of those that
follow the newest is kept here and written with all the others.
"""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, InterfaceError, transaction

from clinic.dosing import consoles, hub
from clinic.dosing.consoles import Said
from clinic.dosing.models import ConsoleBeat
from clinic.people import worded

FORGOTTEN_AFTER = timedelta(minutes=1)  # a page that says nothing for so long

_known: dict[UUID, tuple[str, ConsoleBeat]] = {}
_kept: dict[UUID, ConsoleBeat] = {}
_back: dict[UUID, ConsoleBeat] = {}  # those that were lost before
_lock = threading.Lock()


def know(row: ConsoleBeat, key: str) -> None:
    """This console's beat was just written; who is signed in there beats on by this key."""
    with _lock:
        _known[row.console_id] = key, row


def forget(console_id: UUID) -> None:
    """What it says next goes the way of a page."""
    with _lock:
        for held in (_known, _kept, _back):
            held.pop(console_id, None)


def keep(session_id: UUID, key: str, said: Said, at: datetime) -> bool:
    """Keep a beat. One of a console that is not known, or whose sound changed, is not kept."""
    with _lock:
        known_key, row = _known.get(said.console_id, ("", None))
        if row is None or known_key != key or row.session_id != session_id:
            return False
        if row.sound != said.sound:
            return False
        kept = _back if row.console_id in _back or consoles.is_lost(row, at) else _kept
        row.beat_at, row.shown_number = at, said.shown_number
        kept[row.console_id] = row
        return True


def write(now: datetime) -> None:
    """Write what was kept since the last time, and tell of the consoles that are back.

    Where nothing can be written no console is lost for that, and each next beat goes the way of a
    page, which is told so.
    """
    with _lock:
        back, kept = list(_back.values()), [_kept[one] for one in _kept.keys() - _back.keys()]
        _back.clear()
        _kept.clear()
        silent = [one for one, (_, row) in _known.items() if now - row.beat_at > FORGOTTEN_AFTER]
        for console_id in silent:
            del _known[console_id]
    try:
        _write(kept, back)
    except (DatabaseError, InterfaceError):
        note()
        with _lock:
            _known.clear()


@transaction.atomic
def _write(kept: Sequence[ConsoleBeat], back: Sequence[ConsoleBeat]) -> None:
    if kept:
        worded.update_all(kept, "beat_at", "shown_number")
    if back:
        worded.update_all(back, "beat_at", "shown_number", "left_at")
        hub.announce_all({(row.session_id, hub.NO_LINE) for row in back})


def note() -> None:
    """Writing takes long: no console is lost for that."""
    with _lock:
        for _, row in _known.values():
            consoles.note_awake(row.console_id, row.beat_at)
