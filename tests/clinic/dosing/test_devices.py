"""The address of monitors: what is acknowledged is on disk, and what is not is said to be not."""

import http.client
import json
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from clinic.dosing import device_queue, devices, monitors, samples
from clinic.dosing.device_queue import Full, Queue, Rates
from clinic.dosing.models import SessionEvent
from clinic.dosing.samples import Answer, Sent
from clinic.site import asgi
from tests.clinic.dosing.scene import Scene


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another module's server may have stopped the application's own queue."""
    monkeypatch.setattr(asgi.application._devices, "_rates", Rates())
    monkeypatch.setattr(asgi.application._devices, "queue", queue := Queue())
    yield
    queue.stop()


def post(
    port: int, key: str, body: object, *, method: str = "POST", scheme: str = "Bearer"
) -> tuple[int, dict[str, Any]]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    written = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Host": "localhost", "Authorization": f"{scheme} {key}"}
    link.request(method, devices.PATH, written, headers)
    answer = link.getresponse()
    told = json.loads(answer.read())
    link.close()
    return answer.status, told


def sample(**told: object) -> dict[str, object]:
    return {"samples": [{"at": timezone.now().isoformat(), "hr": 70, **told}]}


@pytest.fixture
def key(committed: Scene) -> str:
    row, key = monitors.connect(
        session=committed.session, name="2", by=committed.nurse.user, at=timezone.now()
    )
    row.said, row.said_at = {"hr": 70}, timezone.now()
    row.save()
    monitors.confirm(monitor=row, by=committed.nurse.user, at=timezone.now())
    return key


def test_what_is_acknowledged_is_on_disk(port: int, key: str) -> None:
    """A monitor throws away what was taken: if it is not there then, it is nowhere."""
    assert post(port, key, sample()) == (200, {"taken": 1, "waits": False, "left_out": 0})
    assert SessionEvent.objects.filter(kind="sample").count() == 1


REFUSED = [
    (b"{", 400),
    (b"[]", 400),
    (b"[" * 60_000, 400),
    (b'{"samples": []}', 400),
    (b'{"samples": [3]}', 400),
    (b'{"samples": [{"hr": 70}]}', 400),
    (b'{"samples": [{"at": "noon"}]}', 400),
    (b'{"samples": [{"at": "2026-11-23T10:00:00"}]}', 400),
    (b'{"samples": [{"at": "0001-01-01T00:00:00+00:00"}]}', 400),
    (json.dumps({"samples": [{"at": "2026-11-23T10:00:00+00:00"}] * 121}).encode(), 400),
    (b" " * 70_000, 413),
]


@pytest.mark.parametrize(("body", "status"), REFUSED)
def test_what_cannot_be_read_is_refused_in_words(port: int, body: bytes, status: int) -> None:
    """Who sets up a monitor must see what is wrong with what it sends."""
    found, told = post(port, "k" * 43, body)
    assert (found, bool(told["error"] and told["mend"])) == (status, True)


def test_no_key_no_answer(port: int, key: str) -> None:
    """Without its own key nobody writes into a session."""
    assert post(port, "", sample())[0] == 401
    assert post(port, key, sample(), scheme="Basic")[0] == 401
    assert post(port, "of-nobody-of-nobody-of-nobody", sample())[0] == 403
    assert post(port, key, sample(), method="PUT")[0] == 405
    assert not SessionEvent.objects.filter(kind="sample").exists()


def test_who_sends_too_fast_is_slowed_and_told(
    port: int, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One monitor gone wild must slow no other, and the nurse must see that samples are missing."""
    monkeypatch.setattr(device_queue, "BURST", 3.0)
    monkeypatch.setattr(device_queue, "PER_S", 0.0)
    monkeypatch.setattr(asgi.application._devices, "_rates", Rates())
    listed = [one for _ in range(5) for one in sample()["samples"]]  # type: ignore[attr-defined]
    asgi.application._devices._rates.bucket(monitors.key_hash(key)).left_count = 3.0
    status, told = post(port, key, {"samples": listed})
    assert (status, told["taken"], told["left_out"]) == (200, 3, 2)
    assert "2 of its samples" in SessionEvent.objects.get(kind="quarantined").body["why"]
    assert post(port, key, sample())[0] == 429


def test_a_database_that_is_away_takes_nothing(
    port: int, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not on disk is never said to be taken."""

    def away(*_: object) -> None:
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(samples, "take", away)
        status, told = post(port, key, sample())
    assert (status, told["error"]) == (503, "The clinic cannot write now.")
    assert post(port, key, sample())[0] == 200


def test_a_writer_that_failed_goes_on(port: int, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours in one batch must not be the end of every monitor."""

    def wrong(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(samples, "take", wrong)
        assert post(port, key, sample())[0] == 503
    assert post(port, key, sample())[0] == 200


def test_more_than_can_be_written_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue without end would answer when nobody waits any more."""
    monkeypatch.setattr(device_queue, "WAITING_AT_MOST", 0)
    with pytest.raises(Full):
        Queue().put(Sent("x", ()))


def test_what_waits_is_written_before_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """At a clean stop nothing that was sent is left unwritten, and nothing more is taken."""
    seen, begun = [], threading.Event()

    def take(sent: list[Sent], at: object) -> list[Answer]:
        seen.extend(sent)
        begun.set()
        return [Answer(taken_count=1) for _ in sent]

    monkeypatch.setattr(samples, "take", take)
    monkeypatch.setattr(device_queue, "SAMPLES_AT_ONCE", 1)
    queue = Queue()
    waiting: list[Future[Answer]] = [queue.put(Sent(str(each), ())) for each in range(3)]
    waiting[1].cancel()  # its monitor hung up
    queue.stop()
    assert [one.key_hash for one in seen if one.key_hash != "1"] == ["0", "2"]
    assert waiting[2].result(1) == Answer(taken_count=1)
    with pytest.raises(Full):
        queue.put(Sent("late", ()))
    Queue().stop()  # one that was never used


def test_a_key_not_used_for_longest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that are guessed must not fill the memory."""
    monkeypatch.setattr(device_queue, "KEYS_KEPT", 2)
    rates = Rates()
    first = rates.bucket("a")
    rates.bucket("b")
    assert rates.bucket("a") is first
    rates.bucket("c")
    assert rates.bucket("a") is first
