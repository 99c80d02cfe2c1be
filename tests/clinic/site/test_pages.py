"""Pages in threads: what was asked reaches the application, and its answer comes whole."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from clinic.site.pages import Pages


class Answer:
    """An answer in pieces, which says when it was closed."""

    closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield from (b"one ", b"two")

    def close(self) -> None:
        self.closed = True


def _ask(application: Any, body: bytes = b"") -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/a",
        "query_string": b"b=c",
        "http_version": "1.1",
        "headers": [(b"x-asked", b"yes")],
    }
    asyncio.run(Pages(application, 1)(scope, receive, send))
    return sent


def test_an_answer_comes_whole_and_is_closed() -> None:
    answer, asked = Answer(), {}

    def application(environ: dict[str, Any], start: Any) -> Answer:
        asked.update(environ, body=environ["wsgi.input"].read())
        start("201 Created", [("X-Told", "yes")])
        return answer

    assert _ask(application, b"typed") == [
        {"type": "http.response.start", "status": 201, "headers": [(b"x-told", b"yes")]},
        {"type": "http.response.body", "body": b"one two"},
    ]
    assert answer.closed
    told = [asked[key] for key in ("PATH_INFO", "QUERY_STRING", "HTTP_X_ASKED", "body")]
    assert told == ["/a", "b=c", "yes", b"typed"]


def test_an_application_that_breaks_is_no_answer() -> None:
    def application(environ: object, start: object) -> list[bytes]:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        _ask(application)


def test_pieces_without_an_end_to_close_are_an_answer_too() -> None:
    def application(environ: object, start: Any) -> list[bytes]:
        start("200 OK", [])
        return [b"all"]

    assert _ask(application)[1]["body"] == b"all"
