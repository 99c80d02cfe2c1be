"""One reading of a session for everybody who watches it from this process.

What is told is worded once for all viewers of a session. A viewer takes what was last told when it
is ready to, so a slow one holds nobody up. Samples are told from memory, in the event loop. What is
read or drawn goes to few threads, for each that works takes its turns from the loop; whether those
who watch still may is asked for all of them at once.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import TypeVar
from uuid import UUID

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from clinic.dosing import beats, hub, telling
from clinic.dosing.models import DosingSession
from clinic.dosing.telling import Told
from clinic.dosing.watchers import Standing, Viewer, standings

log = logging.getLogger(__name__)

TICK_S = 4.0  # the figures age
ASKED_S = 2.0  # who looks is asked again, and a message lost on the way is made good
WHOLE_S = 15.0  # the panel is drawn anew though nothing says that it changed: amounts add up
AGAIN_S = 1.0  # after a reading that failed
HANGS_S = 2.0  # a reading that takes longer is told of as one that failed
AWAY = (DatabaseError, InterfaceError)
Read = TypeVar("Read")

_readers = ThreadPoolExecutor(4, thread_name_prefix="feeds")
# It writes beats too, and may wait for its turn to write: no drawing may wait with it.
_asker = ThreadPoolExecutor(1, thread_name_prefix="feeds-asked")


class Over(Exception):
    """A reading went wrong: the streams end, and browsers ask again."""


class Feed:
    """What the viewers of one session share, for as long as there is one."""

    def __init__(self, session_id: UUID) -> None:
        self.told = Told()
        self.session_id = session_id
        self._session: DosingSession | None = None
        self._standings: dict[Viewer, Standing] = {}
        # Many begin at once when a server comes up; they shall not be drawn at one time.
        self._spread, self._turn = session_id.int % 997 / 997, 0
        self._is_old, self._asks = asyncio.Event(), True
        self._news, self._changed = hub.News(), asyncio.Event()
        self._task = asyncio.create_task(self._keep())
        self._task.add_done_callback(_tell_why)

    @property
    def viewers(self) -> tuple[Viewer, ...]:
        """Who watches."""
        return tuple(self._standings)

    def join(self, viewer: Viewer, standing: Standing) -> None:
        """Watch from now on."""
        self._standings[viewer] = standing
        if standing.locked not in self.told.panels:
            self._is_old.set()

    def leave(self, viewer: Viewer) -> None:
        """Watch no more."""
        del self._standings[viewer]

    def viewer(self, key: str, console_id: UUID) -> Viewer | None:
        """Who watches by this sign-in on this page, if they may as far as was asked."""
        for one, each in self._standings.items():
            if one.console_id == console_id and one.key == key and not each.ended:
                return one
        return None

    @property
    def is_over(self) -> bool:
        """Whether nothing will be told any more."""
        return self._task.done()

    def end(self) -> None:
        """Tell nothing any more."""
        self._task.cancel()

    async def later(self, version: int, viewer: Viewer) -> tuple[Told, Standing]:
        """What was told after this version, and whether the viewer may look.

        Raises Over where nothing will be told any more.
        """
        while self.told.version <= version:
            if self.is_over:
                raise Over
            await self._changed.wait()
        return self.told, self._standings[viewer]

    def asked(self, found: Mapping[Viewer, Standing], number: int) -> None:
        """Who of the viewers may look, and the number that the line has by now."""
        before, self._standings = self._standings, self._still(found)
        if before != self._standings:
            self._tell(self.told)
        if before != self._standings or self.told.failed:
            self._is_old.set()
        if number > self.told.number:
            self._news.tell(number)

    def failed(self) -> None:
        """The clinic's records cannot be read."""
        self._tell(replace(self.told, failed=True))

    async def _keep(self) -> None:
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._keep_telling())
                both.create_task(self._keep_reading())
        finally:  # whatever it was: a stream left open would be a screen that nobody feeds
            self._wake()

    async def _keep_telling(self) -> None:
        """Tell what this process knows as it comes; what else there is has to be read."""
        with hub.waiting(self.session_id, self._news):
            while True:
                numbers = self._news.take()
                number, told = max(numbers, default=hub.NO_LINE), None
                if self._session:
                    told = telling.from_memory(self.told, self._session, number)
                if told and (number or not numbers):
                    self._tell(told)
                self._asks |= told is None
                turn = int(monotonic() / WHOLE_S + self._spread)
                if told is None or hub.NO_LINE in numbers or turn != self._turn:
                    self._turn = turn
                    self._is_old.set()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), TICK_S)

    async def _keep_reading(self) -> None:
        """Read whenever what is told is old; meanwhile what comes from memory goes on."""
        while True:
            await self._is_old.wait()
            self._is_old.clear()
            asks, self._asks = self._asks, False
            work = partial(telling.read, self.session_id, dict(self._standings), asks=asks)
            try:
                drawn = await read(work, hangs=self.failed)
            except AWAY:
                self.failed()
                await asyncio.sleep(AGAIN_S)
                self._asks = True
                self._is_old.set()
                continue
            self._session, self._standings = drawn.session, self._still(drawn.asked)
            self._tell(telling.from_records(self.told, drawn))

    def _still(self, found: Mapping[Viewer, Standing]) -> dict[Viewer, Standing]:
        return {one: found.get(one, each) for one, each in self._standings.items()}

    def _tell(self, told: Told) -> None:
        self.told = replace(told, version=self.told.version + 1)
        self._wake()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


class _Feeds:
    """Those of one event loop."""

    def __init__(self) -> None:
        self.by_session: dict[UUID, Feed] = {}
        self.task = asyncio.create_task(self._keep_asking())
        self.task.add_done_callback(self._over)

    async def _keep_asking(self) -> None:
        while True:
            await asyncio.sleep(ASKED_S)
            feeds = dict(self.by_session)
            viewers = [viewer for feed in feeds.values() for viewer in feed.viewers]
            try:
                work = partial(_asked, [*feeds], viewers)
                numbers, found = await read(work, hangs=self._failed, threads=_asker)
            except AWAY:
                self._failed()
                continue
            for session_id, feed in feeds.items():
                feed.asked(found, numbers.get(session_id, 0))

    def _failed(self) -> None:
        beats.note()
        for feed in self.by_session.values():
            feed.failed()

    def _over(self, task: "asyncio.Task[None]") -> None:
        _tell_why(task)
        for feed in self.by_session.values():
            feed.end()


def _tell_why(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("the feed of a session went wrong", exc_info=error)


def viewer(session_id: UUID, key: str, console_id: UUID) -> Viewer | None:
    """Who watches a session from this loop by this sign-in on this page, if they may."""
    feeds = _of_loop.get(asyncio.get_running_loop())
    feed = feeds.by_session.get(session_id) if feeds else None
    return feed.viewer(key, console_id) if feed else None


def _asked(
    session_ids: list[UUID], viewers: list[Viewer]
) -> tuple[dict[UUID, int], dict[Viewer, Standing]]:
    now = timezone.now()
    beats.write(now)
    rows = DosingSession.objects.filter(pk__in=session_ids)
    return dict(rows.values_list("pk", "last_number")), standings(viewers, now)


_of_loop: dict[asyncio.AbstractEventLoop, _Feeds] = {}


@contextmanager
def watching(viewer: Viewer, standing: Standing) -> Iterator[Feed]:
    """The feed of a session, for as long as the block lasts."""
    session_id = viewer.session_id
    loop = asyncio.get_running_loop()
    if loop not in _of_loop or _of_loop[loop].task.done():
        _of_loop[loop] = _Feeds()
    feeds = _of_loop[loop]
    feed = feeds.by_session.get(session_id)
    if feed is None or feed.is_over:
        feed = feeds.by_session[session_id] = Feed(session_id)
    feed.join(viewer, standing)
    try:
        yield feed
    finally:
        feed.leave(viewer)
        if not feed.viewers:
            feed.end()
            if feeds.by_session.get(session_id) is feed:
                del feeds.by_session[session_id]
        if not feeds.by_session and _of_loop.get(loop) is feeds:
            feeds.task.cancel()
            del _of_loop[loop]


async def read(
    work: Callable[[], Read],
    hangs: Callable[[], None] = lambda: None,
    threads: ThreadPoolExecutor = _readers,
) -> Read:
    """Run a short read in a thread and give its connection back at once.

    hangs: what is done each time that it has taken another HANGS_S.
    """

    def run() -> Read:
        try:
            return work()
        finally:
            close_old_connections()

    reading = asyncio.get_running_loop().run_in_executor(threads, run)
    try:
        while not (await asyncio.wait([reading], timeout=HANGS_S))[0]:
            hangs()
        return reading.result()
    finally:
        reading.cancel()  # where nobody waits for it any more
