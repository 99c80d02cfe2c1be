"""A page that follows says so on a short way: nobody else may, and what it says is not lost."""

import http.client
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from clinic.dosing import beating, beats, consoles, feeds, hub
from clinic.dosing.consoles import Beat, Said
from clinic.dosing.models import ConsoleBeat, Sound
from clinic.people.models import StaffMember
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene
from tests.clinic.dosing.viewing import within


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Each test begins with consoles that nobody knows."""
    for held in (beats._kept, beats._written):
        held.clear()
    beats._full.clear()
    yield


class Page:
    """A console of one person: its stream, and the beats that it sends without a page's token."""

    def __init__(self, port: int, day: Scene, who: StaffMember) -> None:
        self.port, self.day, self.console = port, day, uuid4()
        value = cast.signed_in(who).cookies[settings.SESSION_COOKIE_NAME].value
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={value}"
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def follow(self) -> None:
        """Open the stream and read its first panel."""
        path = reverse("dosing:live", args=[self.day.patient.pk, self.day.session.pk])
        headers = {"Host": "localhost", "Cookie": self.cookie}
        self.line.request("GET", f"{path}?console={self.console}", headers=headers)
        self.stream = self.line.getresponse()
        assert self.until("event: panel")

    def until(self, start: str) -> bool:
        """Read until a line that begins so; false where the stream ends before it."""
        while read := self.stream.readline():
            if read.decode().startswith(start):
                return True
        return False

    def beat(self, console: UUID | None = None, *, day: Scene | None = None, **more: str) -> int:
        """Say it; the status of the answer. A page's own way refuses what has no token: 403."""
        where = day or self.day
        told = {"console": str(console or self.console), "number": "0", "sound": "on", **more}
        path = reverse("dosing:beat", args=[where.patient.pk, where.session.pk])
        kind = "application/x-www-form-urlencoded"
        headers = {"Host": "localhost", "Cookie": self.cookie, "Content-Type": kind}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as line:
            line.request("POST", path, urlencode(told), headers)
            return line.getresponse().status


@pytest.fixture
def page(port: int, committed: Scene, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The nurse's console, which follows."""
    monkeypatch.setattr(feeds, "ASKED_S", 0.1)
    page = Page(port, committed, committed.nurse)
    page.follow()
    yield page
    page.line.close()


def _shows(page: Page, number: int) -> bool:
    return ConsoleBeat.objects.filter(console_id=page.console, shown_number=number).exists()


@pytest.mark.hazard(7)
def test_what_a_page_that_follows_says_is_written(page: Page, committed: Scene) -> None:
    """Else every console would be called lost as soon as many are open."""
    for number in (3, 5):
        assert page.beat(number=str(number)) == 204
        assert within(5, partial(_shows, page, number))
    row = ConsoleBeat.objects.get()
    assert (row.user, row.session) == (committed.nurse.user, committed.session)
    assert (row.sound, consoles.lost(committed.session, timezone.now())) == (Sound.ON, [])


def test_nobody_else_gets_past_a_pages_own_way(page: Page, port: int, committed: Scene) -> None:
    other = Page(port, committed, committed.other)
    assert page.beat(uuid4()) == 403  # no page of hers
    assert other.beat(page.console) == 403  # her page, and another sign-in
    assert other.beat() == 403  # a page that follows nothing
    assert page.beat(leaving="yes") == 403
    assert page.beat(console="x") == 403  # type: ignore[arg-type]  # as a broken page might
    assert not ConsoleBeat.objects.exists()


@pytest.mark.parametrize("session", ["-" * 36, "1", "x"])
def test_an_address_that_is_no_sessions_is_a_pages_affair(session: str) -> None:
    path = f"/patients/{uuid4()}/sessions/{session}/beat/"
    assert not beating.takes({"path": path, "method": "POST", "headers": []}, b"console=1")


def test_a_sound_that_changed_is_told_at_once(page: Page) -> None:
    """A tablet that was muted must not count as heard for two seconds more."""
    assert page.beat() == 204
    assert within(5, lambda: page.console in beats._written)
    assert page.beat(sound="off") == 403


def test_with_the_sign_in_the_short_way_ends(page: Page) -> None:
    Session.objects.all().delete()
    assert page.until("event: closed")
    assert within(5, lambda: page.beat() == 403)


def _beat(day: Scene, console: UUID, seconds: float, who: StaffMember | None = None) -> Beat:
    at = day.session.opened_at + timedelta(seconds=seconds)
    return Beat(day.session.pk, (who or day.nurse).user.pk, Said(console, 0, Sound.ON), at)


@pytest.mark.hazard(7)
def test_one_that_was_lost_and_beats_again_is_news(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others would go on looking for a screen that is awake."""
    told: list[UUID] = []
    monkeypatch.setattr(hub, "announce_all", lambda news: told.extend(one for one, _ in news))
    console = uuid4()
    for seconds, is_news in ((0, False), (2, False), (30, True)):
        beat = _beat(im, console, seconds)
        assert beats.keep(beat)
        beats.write(beat.at)
        assert told == ([im.session.pk] if is_news else [])


@pytest.mark.hazard(7)
def test_one_that_was_said_to_be_out_of_use_and_beats_again_is_missed_again(im: Scene) -> None:
    console = uuid4()
    for seconds in (0, 30):
        beat = _beat(im, console, seconds)
        beats.keep(beat)
        beats.write(beat.at)
        if not seconds:
            ConsoleBeat.objects.update(left_at=beat.at + timedelta(seconds=10))
    assert consoles.lost(im.session, beat.at + timedelta(seconds=9))


@pytest.mark.hazard(7)
def test_a_page_speaks_for_who_loaded_it(im: Scene) -> None:
    console = uuid4()
    for seconds, who in ((0, im.nurse), (2, im.other), (4, im.other)):
        beats.keep(_beat(im, console, seconds, who))
        beats.write(_beat(im, console, seconds).at)
    row = ConsoleBeat.objects.get()
    assert (row.user, row.beat_at) == (im.nurse.user, im.session.opened_at)


def test_one_that_was_closed_is_not_opened_by_what_it_said_before(im: Scene) -> None:
    console = uuid4()
    beats.keep(_beat(im, console, 0))
    beats.forget(console)
    beats.write(_beat(im, console, 1).at)
    assert not ConsoleBeat.objects.exists()


def test_what_cannot_be_written_goes_the_way_that_says_so(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A console that says nothing of a full disk lets people believe that they chart."""
    console, begun = uuid4(), _beat(im, uuid4(), 0)
    beats.keep(_beat(im, console, 0))
    beats.write(begun.at)
    with monkeypatch.context() as patch:
        patch.setattr(consoles, "beat_all", _full)
        late = _beat(im, console, 20)
        assert beats.keep(late)
        beats.write(late.at)
        assert not beats.keep(_beat(im, console, 22))
    assert not consoles.lost(im.session, late.at + timedelta(seconds=8))
    beats.know(ConsoleBeat.objects.get())
    assert beats.keep(_beat(im, console, 24))
    beats.note()  # the database hangs: what waits is awake
    assert not consoles.lost(im.session, im.session.opened_at + timedelta(seconds=32))
    assert consoles.lost(im.session, im.session.opened_at + timedelta(seconds=33))


def _full(*_: object) -> None:
    raise OperationalError
