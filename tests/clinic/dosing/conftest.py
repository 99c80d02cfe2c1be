"""A scene by route."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from clinic.people import staffing
from clinic.people.models import StaffMember
from tests.clinic import cast
from tests.clinic.dosing import chair, scene
from tests.clinic.dosing.scene import Scene
from tests.clinic.dosing.viewing import Viewer, Watch, serving
from tests.emptying import empty_past_the_triggers


@pytest.fixture(autouse=True)
def _quick_passwords(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DEMO = True  # no second factor to set up first


@pytest.fixture
def committed(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """An intramuscular session that other connections see, emptied by hand afterwards."""
    scene.earlier_rooms(monkeypatch, scene.ordered())
    yield scene.set_up()
    empty_past_the_triggers()


@pytest.fixture
def im(db: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """An intramuscular session."""
    scene.earlier_rooms(monkeypatch, scene.ordered("IM"))
    return scene.set_up("IM")


@pytest.fixture
def iv(db: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """An infusion."""
    scene.earlier_rooms(monkeypatch, scene.ordered("IV"))
    return scene.set_up("IV")


@pytest.fixture
def devices(db: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Nasal esketamine by devices of 28 mg."""
    order = scene.ordered("IN", "ESKETAMINE", dose_mg=Decimal(56))
    scene.earlier_rooms(monkeypatch, order)
    return scene.set_up("IN", "ESKETAMINE")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(scene.after(20), tick=False) as moved:
        yield moved


@pytest.fixture
def locked(im: Scene, clock: time_machine.Traveller) -> Client:
    """A nurse's console that nobody touched for ten minutes."""
    cache.clear()
    im.start()
    staffing.set_pin(digits=chair.PIN, by=im.nurse.user, at=timezone.now())
    client = cast.signed_in(im.nurse)
    assert client.get(chair.url(im, "console")).status_code == 200
    clock.shift(timedelta(minutes=10))
    return client


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The real server."""
    with serving() as port:
        yield port


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
