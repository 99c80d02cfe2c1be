"""Who waits for news of which session, in this process and, on PostgreSQL, in the others.

Only (session, number) travels. Each process reads the rows itself, so that nothing is shown to
anybody who may not see it, and what a lost message leaves out the next read makes good.
"""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

CHANNEL = "kapstone_dosing"
NO_LINE = 0  # the number of news that is no line: an alarm ended, a console was lost

_NOTIFY = "SELECT pg_notify(%s, told) FROM unnest(%s::text[]) AS told"


class News:
    """What one who waits was told since they last looked."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._event = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def take(self) -> list[int]:
        """Look: the numbers that were told. What comes from now on is news again."""
        numbers, self._numbers = self._numbers, []
        self._event.clear()
        return numbers

    async def wait(self) -> None:
        """Until there is any."""
        await self._event.wait()

    def wake(self) -> None:
        """There is something to look at, and no news; from its own loop."""
        self._event.set()

    def tell(self, number: int) -> None:
        """There is a line of this number; from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, number)

    def _tell(self, number: int) -> None:
        self._numbers.append(number)
        self._event.set()


_waiting: dict[UUID, set[News]] = defaultdict(set)
_lock = threading.Lock()


@contextmanager
def waiting(session_id: UUID, news: News) -> Iterator[None]:
    """Be told of a session's news for as long as the block lasts."""
    with _lock:
        _waiting[session_id].add(news)
    try:
        yield
    finally:
        with _lock:
            _waiting[session_id].discard(news)
            if not _waiting[session_id]:
                del _waiting[session_id]


def wake(session_id: UUID, number: int) -> None:
    """Tell those who wait in this process; from any thread."""
    with _lock:
        waiters = list(_waiting.get(session_id, ()))
    for news in waiters:
        news.tell(number)


def announce(session_id: UUID, number: int) -> None:
    """Tell everybody, everywhere, once the transaction is on disk and not before."""
    announce_all([(session_id, number)])


def announce_all(told: Iterable[tuple[UUID, int]]) -> None:
    """The same of several sessions."""
    found = list(told)
    if connection.vendor == "postgresql" and found:
        with connection.cursor() as cursor:
            cursor.execute(_NOTIFY, [CHANNEL, [f"{session} {number}" for session, number in found]])

    def tell() -> None:
        for session, number in found:
            wake(session, number)

    transaction.on_commit(tell)
