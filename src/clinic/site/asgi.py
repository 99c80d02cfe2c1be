"""The clinic as one application: live streams as async Django, pages in threads, the loop beside.

Ordinary pages run three times faster in threads than through Django's own async bridge.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

from a2wsgi import WSGIMiddleware
from asgiref.sync import sync_to_async
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections

if TYPE_CHECKING:
    from clinic.site.ticker import Ticker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.site.settings")

LIVE = "/live/"
PAGE_THREADS = 8
SMALL_BYTES = 65_536
STALLED_S = 10  # a viewer who takes nothing for so long is dropped, and catches up by its number

log = logging.getLogger(__name__)

# What crosses here is typed three ways by Django, a2wsgi and uvicorn, none of them alike.
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class Clinic:
    """Sends each request to the half of Django that serves it best."""

    def __init__(self) -> None:
        # Sets Django up: only then can models be imported. Not as Django calls it, with a thread
        # for each stream as long as it lasts: one thread and its connection let them all in.
        self._live = get_asgi_application().handle
        pages: Any = get_wsgi_application()
        self._pages: Any = WSGIMiddleware(pages, workers=PAGE_THREADS)
        from clinic.dosing import beating, devices

        self._takes_beat = beating.takes
        self._devices = devices.Devices()
        self._device_path = devices.PATH

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the life of the server."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http" and scope["path"] == self._device_path:
            await self._devices(scope, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(LIVE):
            await self._stream(scope, receive, send)
        else:
            await self._page(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts = await first_parts(scope, receive)
        if parts and self._takes_beat(scope, b"".join(part.get("body", b"") for part in parts)):
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body"})
        else:
            await self._pages(scope, again(parts, receive), send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def taken(message: Any) -> None:
            if message["type"] == "http.response.start":  # who asks is known: no more to look up
                await sync_to_async(connections.close_all)()
            try:
                async with asyncio.timeout(STALLED_S):
                    await send(message)
            except TimeoutError:
                log.info("A live stream is dropped: its viewer took nothing for a while.")
                raise asyncio.CancelledError from None  # as if the viewer had hung up

        try:
            await self._live(scope, receive, taken)
        except asyncio.CancelledError:  # the server stops: an orderly end, no error in the log
            await send({"type": "http.response.body", "body": b""})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        from clinic.site import garbage, ticker

        await receive()
        loop = ticker.Ticker(ticker.jobs())
        await asyncio.to_thread(_begin, loop)
        keeps = asyncio.create_task(garbage.keep())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        keeps.cancel()
        await asyncio.to_thread(self._devices.queue.stop)
        await asyncio.to_thread(_end, loop)
        await send({"type": "lifespan.shutdown.complete"})


async def first_parts(scope: Scope, receive: Receive) -> list[Any]:
    """A small body, read now, before a thread is free for it; none of a larger one.

    A page that is left says so and hangs up. Of somebody who hung up the server gives nothing more:
    a console that was closed would be called lost.
    """
    length = dict(scope["headers"]).get(b"content-length", b"")
    if not length.isdigit() or int(length) > SMALL_BYTES:
        return []
    parts = [await receive()]
    while parts[-1].get("more_body"):
        parts.append(await receive())
    return parts


def again(parts: Iterable[Any], receive: Receive) -> Receive:
    """What brings these parts, and then what comes."""
    told = iter(parts)

    async def bring() -> Any:
        return next(told, None) or await receive()

    return bring


def _begin(loop: "Ticker") -> None:
    loop.start()
    connections.close_all()  # this helper thread lives on: it must not hold the database open


def _end(loop: "Ticker") -> None:
    """Nobody writes any more: what SQLite holds in its log goes into the database's one file."""
    loop.stop()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()


application = Clinic()
