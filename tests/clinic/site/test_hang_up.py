"""Somebody sends a few words and hangs up, as a page does that is left: what they said counts.

Else a console that a nurse closed is called lost on every other screen, again and again.
"""

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
import uvicorn

from clinic.site import asgi

First = Callable[[Any, Any], Awaitable[Any]]
BODY = b"leaving=yes"
HEAD = b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"


async def _as_it_comes(scope: Any, receive: Any) -> Any:
    return receive


class Slow:
    """An application whose thread is free only after the caller has hung up."""

    def __init__(self, first: First) -> None:
        self.first, self.heard = first, list[bytes]()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request."""
        receive = await self.first(scope, receive)
        await asyncio.sleep(0.5)
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        self.heard.append(body)


@pytest.fixture
def serve() -> Iterator[Callable[[Slow], int]]:
    """A real server of an application; its port."""
    servers: list[tuple[uvicorn.Server, threading.Thread]] = []

    def begin(app: Slow) -> int:
        sock = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(app, lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        servers.append((server, thread))
        return int(sock.getsockname()[1])

    yield begin
    for server, thread in servers:
        server.should_exit = True
        thread.join(10)


async def _first(scope: asgi.Scope, receive: asgi.Receive) -> asgi.Receive:
    return asgi.again(await asgi.first_parts(scope, receive), receive)


def _say_and_hang_up(port: int, *parts: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        for part in parts:
            line.sendall(part)
            time.sleep(0.1)


def _heard(app: Slow) -> bytes:
    until = time.monotonic() + 10
    while not app.heard and time.monotonic() < until:
        time.sleep(0.05)
    return app.heard[0]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("first", "heard"), [(_first, BODY), (_as_it_comes, b"")], ids=["ours", "without it"]
)
def test_who_hung_up_was_heard(serve: Callable[[Slow], int], first: First, heard: bytes) -> None:
    app = Slow(first)
    _say_and_hang_up(serve(app), HEAD % len(BODY) + BODY)
    assert _heard(app) == heard


@pytest.mark.one_database
def test_a_body_in_two_parts_is_whole(serve: Callable[[Slow], int]) -> None:
    app = Slow(_first)
    _say_and_hang_up(serve(app), HEAD % len(BODY) + BODY[:4], BODY[4:])
    assert _heard(app) == BODY


@pytest.mark.one_database
def test_half_a_body_is_told_as_half(serve: Callable[[Slow], int]) -> None:
    """It is for Django to refuse: no token, nothing taken."""
    app = Slow(_first)
    _say_and_hang_up(serve(app), HEAD % len(BODY) + BODY[:4])
    assert _heard(app) != BODY


@pytest.mark.one_database
def test_a_file_is_left_to_come_as_it_comes() -> None:
    """A referral of some megabytes is not held in memory by whoever sends it slowly."""

    async def receive() -> Any:
        raise AssertionError

    for length in (b"65537", b"x", b""):
        scope = {"headers": [(b"content-length", length)] if length else []}
        assert asyncio.run(asgi.first_parts(scope, receive)) == []
