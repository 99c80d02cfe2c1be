"""A start that half works is worse than one that refuses, and a stop must leave nothing behind."""

import http.client
import io
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from clinic.alerts import beats
from clinic.site import demo, home, live, server
from clinic.site.storage import mark
from clinic.site.storage.mark import Kind

embedded = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="only the embedded database is a file to set aside"
)


@pytest.fixture
def as_demo(monkeypatch: pytest.MonkeyPatch, settings: Settings, db: None) -> None:
    """The tests' database, marked as the demo's."""
    settings.DEMO = True
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own transaction goes on
    with monkeypatch.context() as patch:
        patch.setattr(connection.introspection, "table_names", lambda cursor: [])
        mark.claim(connection, Kind.DEMO)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ports at which a server would have been started."""
    ports: list[int] = []
    monkeypatch.setattr(server, "run", lambda sock: ports.append(sock.getsockname()[1]))
    return ports


def _call(command: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def busy() -> Iterator[int]:
    """A port at which another program listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        yield sock.getsockname()[1]


def test_a_busy_port_is_said_and_the_next_free_one_taken(busy: int) -> None:
    said: list[str] = []
    with server.free_socket("127.0.0.1", busy, said.append) as sock:
        assert sock.getsockname()[1] > busy
    assert said[0] == f"Port {busy} is in use by another program; trying the next one."


def test_no_free_port_is_an_error(busy: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PORTS_TRIED", 1)
    with pytest.raises(CommandError, match=f"No free port from {busy} on"):
        server.free_socket("127.0.0.1", busy, lambda text: None)


def test_an_address_of_another_machine_is_an_error() -> None:
    with pytest.raises(CommandError, match=r"192\.0\.2\.1 port 8000: "):
        server.free_socket("192.0.2.1", 8000, lambda text: None)


@pytest.mark.django_db
def test_a_clinic_says_where_it_is_and_marks_its_database(served: list[int]) -> None:
    out = _call("serve", port=0)
    assert f"http://localhost:{served[0]}/" in out
    assert out.endswith("Stopped.\n")
    assert mark.kind(connection) == Kind.CLINIC


@pytest.mark.django_db
def test_unsafe_settings_open_no_port(served: list[int], settings: Settings) -> None:
    settings.ALLOWED_HOSTS = []
    with pytest.raises(CommandError, match=r"does not start:\n- No list of host names"):
        _call("serve", port=0)
    assert served == []


@pytest.mark.django_db
def test_a_real_clinics_database_is_not_changed_without_being_asked(served: list[int]) -> None:
    ((app, last), *_) = MigrationLoader(connection).graph.leaf_nodes("alerts")
    MigrationRecorder(connection).record_unapplied(app, last)
    with pytest.raises(CommandError, match=r"Make a backup, then run `clinic migrate`"):
        _call("serve", port=0)
    assert served == []


@pytest.mark.django_db
def test_a_new_clinics_database_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(server, "call_command", lambda name, **options: made.append(name))
    monkeypatch.setattr(mark, "kind", lambda connection: Kind.EMPTY)
    monkeypatch.setattr(server, "_migrations_wait", lambda: True)
    server.check(Kind.CLINIC)
    assert made == ["migrate"]


@pytest.mark.django_db
def test_the_demo_refuses_a_database_that_is_not_its_own(served: list[int]) -> None:
    with pytest.raises(CommandError, match="may hold real people"):
        _call("demo", port=0)
    assert served == []


@pytest.mark.usefixtures("as_demo")
def test_the_demo_is_filled_once(served: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    fills: list[object] = []
    monkeypatch.setattr(demo, "SEEDS", (fills.append,))
    monkeypatch.setattr(
        demo, "SIGN_INS", (demo.SignIn("Nora", "nurse", "n@demo.test", "open demo"),)
    )
    first, second = _call("demo", port=0), _call("demo", port=0)
    assert len(fills) == 1
    assert "Invented people are in." in first
    assert "Invented people are in." not in second
    assert "n@demo.test" in second
    assert len(served) == 2


def _kept(home: Path, words: str) -> None:
    for end in ("", "-wal"):
        (home / f"clinic.sqlite3{end}").write_text(words + end, encoding="ascii")


@embedded
@pytest.mark.usefixtures("as_demo")
def test_a_demo_of_another_version_is_set_aside_once(
    served: list[int], monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    monkeypatch.setattr(demo, "SEEDS", ())
    settings.HOME = tmp_path
    _kept(tmp_path, "older")
    assert "of another version is kept as" in _call("demo", port=0)
    _kept(tmp_path, "newer")
    assert "another version" not in _call("demo", port=0)
    assert (tmp_path / "clinic.older.sqlite3").read_text(encoding="ascii") == "older"
    assert (tmp_path / "clinic.older.sqlite3-wal").read_text(encoding="ascii") == "older-wal"
    assert (tmp_path / "clinic.sqlite3").read_text(encoding="ascii") == "newer"


@embedded
@pytest.mark.usefixtures("as_demo")
def test_a_first_demo_sets_nothing_aside(
    served: list[int], monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    monkeypatch.setattr(demo, "SEEDS", ())
    monkeypatch.setattr(mark, "kind", lambda connection: Kind.EMPTY)
    monkeypatch.setattr(mark, "claim", lambda connection, kind: "")
    monkeypatch.setattr(live, "keep", lambda now: None)  # it looks at the mark as well
    settings.HOME = tmp_path
    _kept(tmp_path, "just opened")
    assert "another version" not in _call("demo", port=0)
    assert (tmp_path / "shape").exists()


@pytest.mark.django_db
def test_a_real_clinics_file_stays_where_it_is_whatever_was_typed(
    served: list[int], settings: Settings, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    _kept(tmp_path, "real people")
    with pytest.raises(CommandError, match="may hold real people"):
        _call("demo", port=0)
    assert (tmp_path / "clinic.sqlite3").read_text(encoding="ascii") == "real people"


@pytest.mark.usefixtures("as_demo")
def test_a_demo_that_could_not_be_filled_is_filled_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(demo, "SEEDS", (lambda now: 1 / 0,))
    with pytest.raises(ZeroDivisionError):
        _call("demo", port=0)
    assert not mark.is_seeded(connection)


@pytest.mark.usefixtures("as_demo")
def test_a_second_server_in_the_same_place_is_refused(
    served: list[int], settings: Settings
) -> None:
    with home.only_server(settings.HOME) as note:
        note("http://localhost:8000/")
        with pytest.raises(CommandError, match="already runs at http://localhost:8000/"):
            _call("demo", port=0)
    assert served == []


def test_postgresql_lets_many_processes_of_a_clinic_run(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(connection, "vendor", "postgresql")
    assert isinstance(server.sole_use(), nullcontext)
    with server.sole_use() as note:
        note("nowhere")
    settings.DEMO = True
    assert not isinstance(server.sole_use(), nullcontext)


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_not_healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(now: object) -> None:
        raise OperationalError("host=secret.example")

    monkeypatch.setattr(beats, "status", gone)
    answer = Client().get("/healthz", secure=True)
    assert (answer.status_code, answer.json()) == (
        503,
        {"ok": False, "database": "OperationalError"},
    )


def _get(port: int, path: str) -> tuple[int, bytes]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        link.request("GET", path, headers={"Host": "localhost"})
        answer = link.getresponse()
        return answer.status, answer.read()
    finally:
        link.close()


async def _endless(scope: Any, receive: Any, send: Any) -> None:
    import asyncio

    await send({"type": "http.response.start", "status": 200, "headers": []})
    while True:
        await send({"type": "http.response.body", "body": b": here\n\n", "more_body": True})
        await asyncio.sleep(0.1)


def _healthy(port: int) -> Any:
    """The answer of /healthz once the loop's first beats are in."""
    deadline = time.monotonic() + 10
    while _get(port, "/healthz")[0] != 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    return _get(port, "/healthz")


@pytest.mark.django_db(transaction=True)
def test_one_process_serves_pages_streams_and_the_loop_and_stops_them_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from clinic.site import asgi

    monkeypatch.setattr(asgi.application, "_live", _endless)
    sock = server.free_socket("127.0.0.1", 0, lambda text: None)
    port = sock.getsockname()[1]
    seen: dict[str, Any] = {}

    def visitor() -> None:
        stream = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            stream.request("GET", "/live/anything")
            answer = stream.getresponse()
            seen["stream"] = answer.read(8)
            seen["health"] = _healthy(port)
            seen["absent"] = _get(port, "/no-such-page")[0]
        finally:
            seen["stop at"] = time.monotonic()
            os.kill(os.getpid(), signal.SIGINT)
        while answer.read(8):
            pass
        seen["stream ended"] = True
        answer.close()
        stream.close()

    thread = threading.Thread(target=visitor)
    thread.start()
    server.run(sock)
    took_s = time.monotonic() - seen["stop at"]
    thread.join()
    assert seen["stream"] == b": here\n\n"
    assert seen["stream ended"]
    assert seen["health"][0] == 200
    assert json.loads(seen["health"][1]) == {"ok": True, "failing": {}}
    assert seen["absent"] == 404
    assert took_s < server.STREAMS_END_WITHIN_S + 4
    assert not [one for one in threading.enumerate() if one.name.startswith("loop-")]
