"""One reading of a session for everybody who watches it from this process.

Rows are read, and what is told is worded, once for all viewers of a session; who may look is judged
for each of them. A viewer takes what was last told when it is ready to, so a slow one holds nobody
up. A sample moves the figures alone: the whole panel is drawn when something else of it changed.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from time import monotonic
from typing import TypeVar
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from clinic.dosing import alarms, hub, lines, screen, wire
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.dosing.watchers import Standing, Viewer, standings
from kapstone.monitoring.events import Kind

log = logging.getLogger(__name__)

TICK_S = 4.0  # the figures age, a message lost on the way is made good
ASKED_S = 3.0  # who looks is asked again: at the next reading after so long, within 5 s
WHOLE_S = 15.0  # the panel is drawn anew though nothing says that it changed: amounts add up
AGAIN_S = 1.0  # after a reading that failed
LINES_KEPT = 200  # of whoever lags behind more than these, the rows are read from the table
Read = TypeVar("Read")
Line = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Told:
    """What was last read, as it goes down the stream.

    lines: the newest ones up to `number`. panels: by locked or not, drawn at `drawn_version`.
    calling: the alarms that the panel was drawn with. failed: the clinic's records could not be
    read, and this is what was known before.
    """

    version: int = 0
    number: int = 0
    lines: tuple[Line, ...] = ()
    panels: Mapping[bool, bytes] = field(default_factory=dict)
    figures: bytes = b""
    drawn_version: int = 0
    calling: frozenset[alarms.Key] = frozenset()
    failed: bool = False

    def reaches(self, after: int) -> bool:
        """Whether every line after this number is among those kept."""
        return after >= self.number or (bool(self.lines) and self.lines[0][0] <= after + 1)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What to read. standings: of those who watch; asks: to read these anew; whole: to draw all.

    session: as it was last read, and number: the line that it has by now, where that is all.
    """

    standings: Mapping[Viewer, Standing | None]
    asks: bool
    whole: bool
    session: DosingSession | None
    number: int

    def known(self) -> lines.Known | None:
        """What this process wrote itself, and need not read."""
        if self.whole or self.asks or self.session is None or not self.number:
            return None
        known = lines.kept(self.session)
        return known if known.number >= self.number else None


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
        self._session: DosingSession | None = None
        self._standings: dict[Viewer, Standing | None] = {}
        self._asked_s = self._drawn_s = -WHOLE_S
        self._spread = session_id.int % 997 / 997
        self._news, self._changed = hub.News(), asyncio.Event()
        self._task = asyncio.create_task(self._keep())
        self._task.add_done_callback(_tell_why)

    def __len__(self) -> int:
        return len(self._standings)

    def join(self, viewer: Viewer) -> None:
        """Watch from now on; what is told is read anew for it."""
        self._standings[viewer] = None
        self._news.wake()

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
                    wait_s = await self._look(self._news.take())
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._news.wait(), wait_s)
        finally:  # whatever it was: a stream left open would be a screen that nobody feeds
            self._wake()

    async def _look(self, numbers: Sequence[int]) -> float:
        """Read once and tell; in how many seconds it is read again at the latest."""
        old, now_s = self.told, monotonic()
        asks = now_s - self._asked_s >= ASKED_S or None in self._standings.values()
        asked = _Asked(
            standings=dict(self._standings),
            asks=asks,
            whole=hub.NO_LINE in numbers or old.failed or now_s - self._drawn_s >= WHOLE_S,
            session=self._session,
            number=max(numbers, default=0),
        )
        try:
            told, found, self._session = await read(partial(_read, self.session_id, old, asked))
        except (DatabaseError, InterfaceError):
            self._tell(replace(old, version=old.version + 1, failed=True))
            return AGAIN_S
        for viewer in self._standings.keys() & found.keys():
            self._standings[viewer] = found[viewer]
        # Many begin at once when a server comes up; they shall not go on at one time.
        at_s = now_s if old.version else now_s - self._spread * WHOLE_S
        if told.drawn_version == told.version:
            self._drawn_s = at_s
        if asks or told.drawn_version == told.version:
            self._asked_s = now_s
        self._tell(told)
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


def _read(
    session_id: UUID, old: Told, asked: _Asked
) -> tuple[Told, dict[Viewer, Standing], DosingSession]:
    """One reading: the lines that are new, who may look, and what those who may are shown.

    Who may is asked anew before anything is told that a person charted.
    """
    version = old.version + 1
    session, known = asked.session, asked.known()
    if session is None or known is None:
        session = _session(session_id)
        known = lines.up_to_date(session)
    now = timezone.now()  # after what was read: before it, the newest line would not be true yet
    new = known.since(old.number) if old.version else []
    told = replace(
        old,
        version=version,
        number=known.number,
        lines=(*old.lines, *((each[0], wire.line(*each)) for each in new))[-LINES_KEPT:],
        figures=wire.figures(known.number, screen.vitals(known, known.folded.latest(now)), now),
        failed=False,
    )
    calling = frozenset(alarms.key_of(one) for one in known.alarms(now))
    whole = asked.whole or calling != old.calling or any(kind != Kind.SAMPLE for _, kind, _ in new)
    if not (whole or asked.asks):
        return told, {}, session
    if session is asked.session:  # what is drawn is read: its phase may be another by now
        session = _session(session_id)
    found = standings(asked.standings, session_id, now)
    locked = {one.locked for one in found.values() if not one.ended}
    if whole or not locked <= old.panels.keys():
        drawn = {each: screen.panel(session, now, locked=each) for each in locked}
        panels = {each: wire.panel(known.number, html) for each, html in drawn.items()}
        told = replace(told, panels=panels, drawn_version=version, calling=calling)
    return told, found, session


def _session(session_id: UUID) -> DosingSession:
    return DosingSession.objects.select_related("patient").get(pk=session_id)


def lines_between(session_id: UUID, after: int, until: int) -> tuple[Line, ...]:
    """The lines after a number and up to another, as they are told."""
    rows = SessionEvent.objects.filter(session=session_id, number__gt=after, number__lte=until)
    found = rows.order_by("number").values_list("number", "kind", "observed_at")
    return tuple((number, wire.line(number, kind, at)) for number, kind, at in found)


async def read(work: Callable[[], Read]) -> Read:
    """Run a short read in a thread and give its connection back at once."""

    def run() -> Read:
        try:
            return work()
        finally:
            close_old_connections()

    return await sync_to_async(run, thread_sensitive=False)()
