"""Beats of consoles that follow their session from this process, kept until they are written.

A page beats every 2 s, and the way of a page takes 10 ms of a processor: 100 sessions with five
screens each would take two of them. So the newest beat of each is kept, and all of them are
written together.
"""

import threading
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, InterfaceError

from clinic.dosing import consoles
from clinic.dosing.consoles import Beat
from clinic.dosing.models import ConsoleBeat

_kept: dict[UUID, Beat] = {}
_written: dict[UUID, ConsoleBeat] = {}
_lock = threading.Lock()
_full = threading.Event()  # nothing can be written: each page is told so on its own way


def keep(beat: Beat) -> bool:
    """Keep a beat. Not one whose sound changed: a person waits to be told of that."""
    told = beat.user_id, beat.session_id, beat.said.sound
    with _lock:
        row = _written.get(beat.said.console_id)
        if _full.is_set() or (row and (row.user_id, row.session_id, row.sound) != told):
            return False
        _kept[beat.said.console_id] = beat
    return True


def know(row: ConsoleBeat) -> None:
    """A page's own beat was written."""
    _full.clear()
    with _lock:
        _kept.pop(row.console_id, None)
        _written[row.console_id] = row


def forget(console_id: UUID) -> None:
    """It was closed."""
    with _lock:
        _kept.pop(console_id, None)
        _written.pop(console_id, None)


def write(now: datetime) -> None:
    """Write what was kept since the last time. One that was lost is read first: it is news."""
    with _lock:
        beats = list(_kept.values())
        _kept.clear()
        for row in [row for row in _written.values() if consoles.is_lost(row, now)]:
            del _written[row.console_id]
        known = dict(_written)
    try:
        rows = consoles.beat_all(beats, known)
    except (DatabaseError, InterfaceError):
        _full.set()
        _note(beats)
        return
    taken = {(beat.said.console_id, beat.at) for beat in beats}
    with _lock:  # a page speaks for who loaded it: a row that did not take its beat is not its own
        _written.update(
            {row.console_id: row for row in rows if (row.console_id, row.beat_at) in taken}
        )


def note() -> None:
    """Writing takes long: no console is lost for that."""
    with _lock:
        _note(list(_kept.values()))


def _note(beats: Iterable[Beat]) -> None:
    for beat in beats:
        consoles.note_awake(beat.said.console_id, beat.at)
