"""A scene by route."""

import pytest

from tests.clinic.dosing import scene
from tests.clinic.dosing.scene import Scene


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
    order = scene.ordered("IN", "ESKETAMINE", dose_mg=56)
    scene.earlier_rooms(monkeypatch, order)
    return scene.set_up("IN", "ESKETAMINE")
