"""Who waits for news of which session, in this process and, on PostgreSQL, in the others.

Only (session, number) travels. Each process reads the rows itself, so that nothing is shown to
anybody who may not see it, and what a lost message leaves out the next read makes good.
"""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

CHANNEL = "kapstone_dosing"

Waiter = tuple[asyncio.AbstractEventLoop, asyncio.Event]

_waiting: dict[UUID, set[Waiter]] = defaultdict(set)
_lock = threading.Lock()


@contextmanager
def waiting(session_id: UUID, news: asyncio.Event) -> Iterator[None]:
    """Be told of a session's news for as long as the block lasts."""
    waiter = (asyncio.get_running_loop(), news)
    with _lock:
        _waiting[session_id].add(waiter)
    try:
        yield
    finally:
        with _lock:
            _waiting[session_id].discard(waiter)
            if not _waiting[session_id]:
                del _waiting[session_id]


def wake(session_id: UUID) -> None:
    """Tell those who wait in this process; from any thread."""
    with _lock:
        waiters = list(_waiting.get(session_id, ()))
    for loop, event in waiters:
        if not loop.is_closed():
            loop.call_soon_threadsafe(event.set)


def announce(session_id: UUID, number: int) -> None:
    """Tell everybody, everywhere, once the transaction is on disk and not before."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{session_id} {number}"])
    transaction.on_commit(lambda: wake(session_id))
