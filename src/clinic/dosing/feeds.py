"""One reading of a session for everybody who watches it from this process.

Rows and panel are read and drawn once for all viewers of a session; who may look is judged for each
of them. A viewer takes what was last told when it is ready to, so a slow one holds nobody up.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from clinic.dosing import hub, screen
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.people import access, idle
from clinic.people.models import Patient, User

log = logging.getLogger(__name__)

TICK_S = 4.0  # the panel ages, who looks is asked again, a message lost on the way is made good
AGAIN_S = 1.0  # after a reading that failed
LINES_KEPT = 200  # of whoever lags behind more than these, the rows are read from the table
Read = TypeVar("Read")
Line = tuple[int, str]


@dataclass(frozen=True, eq=False, slots=True)
class Viewer:
    """Who watches whom, and the sign-in they watch by."""

    user: User
    patient: Patient
    sign_in: SessionBase


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a viewer may look. ended: why not; locked: what is shown names nobody."""

    ended: str = ""
    locked: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """What was last read. lines: the newest ones up to `number`; panels: by locked or not.

    failed: the clinic's records could not be read, and this is what was known before.
    """

    version: int = 0
    number: int = 0
    lines: tuple[Line, ...] = ()
    panels: Mapping[bool, str] | None = None
    failed: bool = False

    def reaches(self, after: int) -> bool:
        """Whether every line after this number is among those kept."""
        return after >= self.number or (bool(self.lines) and self.lines[0][0] <= after + 1)


@dataclass(frozen=True, slots=True)
class _Found:
    standings: Mapping[Viewer, Standing]
    number: int
    lines: tuple[Line, ...]
    panels: Mapping[bool, str]


def _tell_why(feed: "asyncio.Task[None]") -> None:
    if not feed.cancelled() and (error := feed.exception()):
        log.error("the feed of a session went wrong", exc_info=error)


class Over(Exception):
    """A reading went wrong: the streams end, and browsers ask again."""


class Feed:
    """What the viewers of one session share, for as long as there is one."""

    def __init__(self, session_id: UUID) -> None:
        self.told = Told()
        self.session_id = session_id
        self._standings: dict[Viewer, Standing | None] = {}
        self._news, self._changed = asyncio.Event(), asyncio.Event()
        self._task = asyncio.create_task(self._keep())
        self._task.add_done_callback(_tell_why)

    def __len__(self) -> int:
        return len(self._standings)

    def join(self, viewer: Viewer) -> None:
        """Watch from now on; what is told is read anew for it."""
        self._standings[viewer] = None
        self._news.set()

    def leave(self, viewer: Viewer) -> bool:
        """Watch no more; whether nobody is left, and nothing is read any more."""
        del self._standings[viewer]
        if not self._standings:
            self._task.cancel()
        return not self._standings

    async def later(self, version: int, viewer: Viewer) -> tuple[Told, Standing]:
        """What was told after this version, once it is known whether the viewer may look.

        Raises Over where nothing will be told any more.
        """
        while not (standing := self._standings[viewer]) or self.told.version <= version:
            if self._task.done():
                raise Over
            await self._changed.wait()
        return self.told, standing

    async def _keep(self) -> None:
        try:
            with hub.waiting(self.session_id, self._news):
                while True:
                    wait_s = await self._look()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._news.wait(), wait_s)
        finally:  # whatever it was: a stream left open would be a screen that nobody feeds
            self._wake()

    async def _look(self) -> float:
        """Read once and tell; in how many seconds it is read again at the latest."""
        self._news.clear()
        old = self.told
        try:
            found = await read(partial(_read, self.session_id, old, dict(self._standings)))
        except (DatabaseError, InterfaceError):
            self._tell(Told(old.version + 1, old.number, old.lines, old.panels, failed=True))
            return AGAIN_S
        for viewer in self._standings.keys() & found.standings.keys():
            self._standings[viewer] = found.standings[viewer]
        lines = (*old.lines, *found.lines)[-LINES_KEPT:]
        self._tell(Told(old.version + 1, found.number, lines, found.panels))
        return TICK_S

    def _tell(self, told: Told) -> None:
        self.told = told
        self._wake()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


_feeds: dict[tuple[asyncio.AbstractEventLoop, UUID], Feed] = {}


def open_feeds() -> list[Feed]:
    """Every feed that somebody watches."""
    return list(_feeds.values())


@contextmanager
def watching(session_id: UUID, viewer: Viewer) -> Iterator[Feed]:
    """The feed of a session, for as long as the block lasts."""
    key = asyncio.get_running_loop(), session_id
    feed = _feeds.get(key) or _feeds.setdefault(key, Feed(session_id))
    feed.join(viewer)
    try:
        yield feed
    finally:
        if feed.leave(viewer) and _feeds.get(key) is feed:
            del _feeds[key]


def _read(session_id: UUID, old: Told, viewers: Mapping[Viewer, Standing | None]) -> _Found:
    """One reading: the lines that are new, who may look, and the panel for those who may."""
    now = timezone.now()
    session = DosingSession.objects.select_related("patient").get(pk=session_id)
    lines = lines_between(session_id, old.number) if old.version else ()
    standings = {viewer: _standing(viewer, session_id, now) for viewer in viewers}
    wanted = {each.locked for each in standings.values() if not each.ended}
    return _Found(
        standings,
        lines[-1][0] if lines else old.number if old.version else session.last_number,
        lines,
        {locked: screen.panel(session, now, locked=locked) for locked in wanted},
    )


def lines_between(session_id: UUID, after: int, until: int | None = None) -> tuple[Line, ...]:
    """The lines after a number, as they are told; up to another one if that is named."""
    rows = SessionEvent.objects.filter(session=session_id, number__gt=after).order_by("number")
    if until is not None:
        rows = rows.filter(number__lte=until)
    return tuple((row.number, _told(row)) for row in rows)


def _told(row: SessionEvent) -> str:
    at = row.observed_at.isoformat()
    return json.dumps({"number": row.number, "kind": row.kind, "at": at})


def _standing(viewer: Viewer, session_id: UUID, now: datetime) -> Standing:
    """Read again each time: a sign-in may have ended elsewhere, and a right with it."""
    sign_in = type(viewer.sign_in)(viewer.sign_in.session_key)
    if sign_in.get(SESSION_KEY) != str(viewer.user.pk):
        return Standing("signed out")
    user = User.objects.select_related("staff", "patient").get(pk=viewer.user.pk)
    if not access.may(access.actor(user, now, session_id), "see_session", viewer.patient):
        return Standing("not allowed")
    return Standing(locked=idle.left_s(sign_in, now.timestamp()) <= 0)


async def read(work: Callable[[], Read]) -> Read:
    """Run a short read in a thread and give its connection back at once."""

    def run() -> Read:
        try:
            return work()
        finally:
            close_old_connections()

    return await sync_to_async(run, thread_sensitive=False)()
