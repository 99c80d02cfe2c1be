"""A console of one nurse on a line that a test can cut, and what happens on it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from clinic.dosing.models import SessionEvent
from clinic.site import asgi
from tests.clinic.dosing import scene
from tests.e2e import steps
from tests.e2e.chairs import SOON_MS, Chair
from tests.line import Line
from tests.served import served

TABLET: dict[str, Any] = {"viewport": {"width": 820, "height": 1180}}
CUT_WITHIN_MS = 5_500  # five seconds, and what a test takes to look


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> scene.Scene:
    """An infusion runs."""
    cache.clear()
    monkeypatch.setattr(settings, "CLINIC_IDLE_MIN", "10")
    scene.earlier_rooms(monkeypatch, scene.ordered("IV"))
    return scene.set_up("IV")


@pytest.fixture
def line(day: scene.Scene) -> Iterator[Line]:
    with served(asgi.Clinic()) as port, Line(port) as line:
        yield line


@pytest.fixture
def nurse(day: scene.Scene, browser: Browser, line: Line) -> Iterator[Chair]:
    chair = Chair(day.nurse, browser, f"http://localhost:{line.port}", **TABLET)
    opened(chair, day)
    yield chair
    chair.page.context.close()


def opened(chair: Chair, day: scene.Scene) -> None:
    """Until it would go on without the clinic."""
    chair.open(steps.path(day))
    expect(chair.page.locator("body[data-records][data-reopens]")).to_be_attached(timeout=SOON_MS)


def vitals(chair: Chair, **said: object) -> None:
    card = chair.card("Vital signs").filter(has_text="Systolic")
    chair.fill(card, **said)
    chair.press("Chart", card)


def lost(page: Page) -> None:
    expect(page.locator("#live-line")).to_contain_text(
        "No alarms here. Watch the bedside monitor.", timeout=CUT_WITHIN_MS
    )


def standing(kind: str) -> list[SessionEvent]:
    return list(SessionEvent.objects.filter(kind=kind).order_by("number"))
