"""A look through all of memory stops every screen; one that never comes fills the machine."""

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from clinic.site import garbage


class Ring:
    """What only a look through memory can free."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_lives_is_set_aside_from_every_look() -> None:
    """Hundreds of screens would stand still together, every few seconds."""
    ring = Ring()
    garbage.set_aside()
    assert not any(each is ring for each in gc.get_objects())


def test_what_died_before_is_freed_and_what_died_aside_by_the_look_through_all() -> None:
    """A server that keeps what died is ended by the machine, and every screen with it."""
    early, late = Ring(), Ring()
    died_early, died_late = weakref.ref(early), weakref.ref(late)
    del early
    garbage.set_aside()
    assert died_early() is None
    del late
    garbage.set_aside()
    assert died_late() is not None
    garbage.look_through_all()
    assert died_late() is None


def test_the_server_looks_through_all_after_some_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """As above, of a server that runs for weeks."""
    done: list[str] = []
    monkeypatch.setattr(garbage, "SET_ASIDE_EVERY_S", 0)
    monkeypatch.setattr(garbage, "ROUNDS", 3)
    monkeypatch.setattr(garbage, "set_aside", lambda: done.append("aside"))
    monkeypatch.setattr(garbage, "look_through_all", lambda: done.append("all"))

    async def lived() -> None:
        task = asyncio.create_task(garbage.keep())
        while len(done) < 9:
            await asyncio.sleep(0)
        task.cancel()

    asyncio.run(lived())
    assert done[:9] == ["all", "aside", "aside", "aside"] * 2 + ["all"]
