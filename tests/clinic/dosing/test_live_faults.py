"""A stream whose clinic cannot read, or whose viewer sleeps: told in words, and nothing is lost."""

import http.client
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError

from clinic.dosing import feeds, hub, lines, screen, telling
from clinic.site import asgi
from tests.clinic.dosing.scene import Scene
from tests.clinic.dosing.viewing import Viewer, Watch, chart


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
    number = chart(committed, 61)
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
    number = chart(committed, 61)
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
    number = chart(committed, 61)
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


def _open_feeds() -> list[feeds.Feed]:
    return [feed for loop in feeds._of_loop.values() for feed in loop.by_session.values()]


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
    count = _charted_until(committed, lambda: all(len(one.viewers) == 1 for one in _open_feeds()))
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
        chart(day, 60 + count % 40)
        if holds():
            return count
        assert time.monotonic() < until
    raise AssertionError


def test_of_a_session_that_was_put_out_of_memory_nothing_is_told_from_there(
    im: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    """It would be a screen without any figure, as if nobody had ever charted."""
    im.start()
    told = telling.Told(number=im.session.last_number)
    with django_capture_on_commit_callbacks(execute=True):
        lines.read(im.session)
    assert telling.from_memory(told, im.session, hub.NO_LINE) is not None
    lines._known.clear()
    assert telling.from_memory(told, im.session, hub.NO_LINE) is None
