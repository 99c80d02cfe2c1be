"""A second viewer who lags, loses a line or watches without leave is worse than none."""

import http.client
import itertools
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError, connections
from django.urls import reverse
from django.utils import timezone

from clinic.dosing import actions, feeds, listening, screen
from clinic.dosing.kinds import Chart
from clinic.people import idle
from clinic.people.models import CareTeamMember, StaffMember, User
from clinic.people.roles import Role
from clinic.people.sessions import SessionStore
from clinic.site import asgi
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene
from tests.served import served


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The real server, on the tests' database, without its loop."""
    with served(asgi.application) as port:
        yield port
    listening.stop()
    for thread in threading.enumerate():
        if thread.name == "dosing-listener":
            thread.join(5)


class Viewer:
    """One open stream."""

    def __init__(
        self,
        port: int,
        day: Scene,
        member: StaffMember,
        after: int | None = None,
        *,
        narrow: bool = False,
    ) -> None:
        cookie = cast.signed_in(member).cookies[settings.SESSION_COOKIE_NAME].value
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        if narrow:
            self.link.sock = socket.socket()
            self.link.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            self.link.sock.connect(("127.0.0.1", port))
        headers = {"Host": "localhost", "Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"}
        if after is not None:
            headers["Last-Event-ID"] = str(after)
        url = reverse("dosing:live", args=[day.patient.pk, day.session.pk])
        self.link.request("GET", url, headers=headers)
        self.answer = self.link.getresponse()
        self.seen: list[int] = []
        self.panel = ""

    def read_until(self, number: int, of: str = "panel") -> None:
        """Follow until a message of this kind, a panel if nothing else, tells this number."""
        event = ""
        while True:
            if not (read := self.answer.readline()):
                raise EOFError
            line = read.decode().strip()
            kind, _, told = line.partition(": ")
            if kind == "event":
                event = told
            elif kind == "data" and event == "line":
                self.seen.append(json.loads(told)["number"])
            elif kind == "data" and event in ("panel", "failed"):
                self.panel = json.loads(told).get("html", "")
                if event == of and json.loads(told)["number"] >= number:
                    return
            elif kind == "data" and event == "closed":
                raise EOFError
            assert line or not self.answer.closed

    def close(self) -> None:
        """Leave."""
        self.answer.close()
        self.link.close()


Watch = Callable[..., Viewer]


@pytest.fixture
def watch(port: int, committed: Scene) -> Iterator[Watch]:
    """Opens streams and closes them after the test."""
    opened: list[Viewer] = []

    def open_one(member: StaffMember, after: int | None = None) -> Viewer:
        opened.append(Viewer(port, committed, member, after))
        return opened[-1]

    yield open_one
    for viewer in opened:
        viewer.close()


def _chart(day: Scene, pulse: int) -> int:
    told = Chart(uuid4(), "vitals", timezone.now(), {"hr": pulse})
    row = actions.record(session=day.session, chart=told, by=day.nurse.user, at=timezone.now())
    return row.number


def test_a_second_viewer_follows_within_a_second(watch: Watch, committed: Scene) -> None:
    viewer = watch(committed.therapist)
    viewer.read_until(0)
    lags = []
    for pulse in range(60, 70):
        began = time.monotonic()
        viewer.read_until(_chart(committed, pulse))
        lags.append(time.monotonic() - began)
        assert f">{pulse}<" in viewer.panel
    assert (viewer.seen, sorted(lags)[5] < 1) == ([*range(1, 11)], True)
    type(committed.session).objects.filter(pk=committed.session.pk).update(phase="ready")
    viewer.read_until(_chart(committed, 70))
    assert ">Ready<" in viewer.panel  # of one let go, "Dosing" would lead to an empty chair


def test_coming_back_with_the_last_number_loses_nothing(watch: Watch, committed: Scene) -> None:
    for pulse in range(60, 65):
        _chart(committed, pulse)
    viewer = watch(committed.nurse, after=2)
    viewer.read_until(5)
    assert viewer.seen == [3, 4, 5]
    _chart(committed, 70)
    again = watch(committed.nurse, after=5)
    again.read_until(6)
    assert again.seen == [6]


def test_many_writers_reach_every_viewer_once_and_in_order(watch: Watch, committed: Scene) -> None:
    viewers = [watch(who) for who in (committed.nurse, committed.other)]

    def write() -> None:
        for pulse in range(60, 70):
            _chart(committed, pulse)
        connections.close_all()

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    for viewer in viewers:
        viewer.read_until(30)
        assert viewer.seen == list(range(1, 31))
    for writer in writers:
        writer.join()


def test_who_may_not_see_the_session_gets_no_stream(watch: Watch, committed: Scene) -> None:
    stranger = cast.staff(Role.NURSE)
    viewer = watch(stranger)
    assert viewer.answer.status == 404


def test_a_stream_ends_with_the_right_to_it(watch: Watch, committed: Scene) -> None:
    viewer = watch(committed.other)
    viewer.read_until(0)
    CareTeamMember.objects.filter(staff=committed.other).update(ends_at=timezone.now())
    _chart(committed, 60)
    with pytest.raises(EOFError):
        viewer.read_until(1)


@pytest.mark.parametrize("how", ["ended", "left", "barred"])
def test_a_quiet_stream_ends_too(
    watch: Watch, committed: Scene, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Nothing is charted, and who was sent home would watch on for the whole of an infusion."""
    monkeypatch.setattr(feeds, "ASKED_S", 0.2)
    viewer = watch(committed.other)
    viewer.read_until(0)
    if how == "ended":
        Session.objects.all().delete()
    elif how == "left":
        StaffMember.objects.filter(pk=committed.other.pk).update(left_at=timezone.now())
    else:
        User.objects.filter(pk=committed.other.user.pk).update(is_active=False)
    with pytest.raises(EOFError):
        viewer.read_until(1)


@pytest.mark.parametrize("away", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_told_and_nothing_is_lost(
    watch: Watch, committed: Scene, monkeypatch: pytest.MonkeyPatch, away: type[Exception]
) -> None:
    """A screen that stood still without a word would pass for a quiet session."""
    monkeypatch.setattr(feeds, "AGAIN_S", 0.2)
    viewer = watch(committed.nurse)
    viewer.read_until(0)
    screened = screen.panel
    monkeypatch.setattr(screen, "panel", _raises(away))
    number = _chart(committed, 61)
    viewer.read_until(0, of="failed")
    assert viewer.seen == []
    monkeypatch.setattr(screen, "panel", screened)
    viewer.read_until(number)
    assert viewer.seen == [1]


def test_a_reading_that_hangs_is_told_and_comes_in_the_end(
    watch: Watch, committed: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A frozen database answers nothing at all, and a screen may not wait for it in silence."""
    monkeypatch.setattr(feeds, "HANGS_S", 0.2)
    viewer, thaws, drawn = watch(committed.nurse), threading.Event(), screen.panel
    viewer.read_until(0)

    def panel(*told: Any, **more: Any) -> str:
        thaws.wait(10)
        return drawn(*told, **more)

    monkeypatch.setattr(screen, "panel", panel)
    number = _chart(committed, 61)
    viewer.read_until(0, of="failed")
    thaws.set()
    viewer.read_until(number)
    assert viewer.seen == [1]


def test_a_reading_that_goes_wrong_ends_the_stream(
    watch: Watch, committed: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stream that stayed open would be a screen that nobody feeds; the browser asks again."""
    viewer = watch(committed.nurse)
    viewer.read_until(0)
    monkeypatch.setattr(screen, "panel", _raises(ZeroDivisionError))
    number = _chart(committed, 61)
    with pytest.raises((EOFError, http.client.HTTPException, OSError)):
        viewer.read_until(number)
    monkeypatch.undo()
    again = watch(committed.nurse, after=0)
    again.read_until(number)
    assert again.seen == [1]


def _raises(error: type[Exception]) -> Callable[..., str]:
    def panel(*_: object, **__: object) -> str:
        raise error

    return panel


def test_a_stream_ends_with_its_sign_in(watch: Watch, committed: Scene) -> None:
    """Signed out at another console, the first one may not go on showing the session."""
    viewer = watch(committed.other)
    viewer.read_until(0)
    Session.objects.all().delete()
    _chart(committed, 60)
    with pytest.raises(EOFError):
        viewer.read_until(1)


@pytest.mark.hazard(20)
def test_a_stream_goes_on_while_the_screen_is_locked(watch: Watch, committed: Scene) -> None:
    """A console that stood still would show the oxygen of ten minutes ago."""
    viewer = watch(committed.other)
    viewer.read_until(_chart(committed, 130))
    assert "Nina Nurse" in viewer.panel
    for one in Session.objects.all():
        left = SessionStore(one.session_key)
        left[idle.ACTED_AT] = timezone.now().timestamp() - 3600
        left.save()
    committed.chart("note", timezone.now(), word="speaks")
    viewer.read_until(_chart(committed, 131))
    assert ">131<" in viewer.panel
    assert not [each for each in committed.names() if each in viewer.panel]
    held = [SessionStore(one.session_key)[idle.ACTED_AT] for one in Session.objects.all()]
    assert all(each < timezone.now().timestamp() - 3590 for each in held)


@pytest.fixture
def stalled(port: int, committed: Scene, monkeypatch: pytest.MonkeyPatch) -> Iterator[Viewer]:
    """A viewer who asks and then reads nothing at all, through a narrow pipe."""
    monkeypatch.setattr(asgi, "STALLED_S", 0.3)
    yield (viewer := Viewer(port, committed, committed.other, narrow=True))
    viewer.close()


def test_a_stalled_viewer_is_dropped_and_catches_up(
    stalled: Viewer, watch: Watch, committed: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tablet asleep in a pocket may cost the others nothing, and loses no line of its own."""
    awake = watch(committed.nurse)
    count = _charted_until(committed, lambda: all(len(f.viewers) == 1 for f in feeds.open_feeds()))
    awake.read_until(count)
    with pytest.raises(EOFError):
        stalled.read_until(count + 1)
    before = stalled.seen
    again = watch(committed.other, after=before[-1] if before else 0)
    again.read_until(count)
    assert before + again.seen == list(range(1, count + 1))
    assert awake.seen == list(range(1, count + 1))


def _charted_until(day: Scene, holds: Callable[[], bool]) -> int:
    """Chart until then; how many lines it took."""
    until = time.monotonic() + 20
    for count in itertools.count(1):
        _chart(day, 60 + count % 40)
        if holds():
            return count
        assert time.monotonic() < until
    raise AssertionError


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def test_a_message_of_another_process_wakes_nobody_it_does_not_concern() -> None:
    listening.hear(f"{uuid4()} 7")
