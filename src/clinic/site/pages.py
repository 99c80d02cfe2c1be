"""Ordinary pages: Django under WSGI, a request a thread, and its answer handed over whole.

Handing each piece over by itself made two threads wait for each other three times a request.
"""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from typing import Any

from a2wsgi.wsgi import Body, build_environ

Application = Callable[[Any, Callable[..., None]], Iterable[bytes]]
Message = dict[str, Any]


class Pages:
    """A WSGI application as an ASGI one. No stream may be answered here: it would never end."""

    def __init__(self, application: Application, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(
        self,
        scope: Any,
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        """Answer one request."""
        loop = asyncio.get_running_loop()
        asked = build_environ(scope, Body(loop, receive))
        run = contextvars.copy_context().run
        for message in await loop.run_in_executor(self._threads, run, self._answer, asked):
            await send(message)

    def _answer(self, asked: Any) -> list[Message]:
        start: Message = {"type": "http.response.start"}

        def begin(status: str, headers: Iterable[tuple[str, str]], _: object = None) -> None:
            start["status"] = int(status.partition(" ")[0])
            start["headers"] = [
                (name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers
            ]

        found: Any = self._application(asked, begin)
        with closing(found) if hasattr(found, "close") else nullcontext():
            body = b"".join(found)
        return [start, {"type": "http.response.body", "body": body}]
