"""A dosing session by three people at three screens, each as it is used beside a chair.

The nurse has a tablet and one hand free, the prescriber a desktop, the therapist a laptop in the
dark.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from clinic.dosing import consoles
from clinic.dosing.models import DosingSession
from clinic.site import asgi
from tests.clinic.cast import NOON
from tests.clinic.dosing import scene
from tests.clinic.dosing.test_discharge import recover
from tests.clinic.dosing.test_infusion import running
from tests.e2e import steps
from tests.e2e.chairs import Chair
from tests.e2e.keys import tab, tab_to
from tests.served import served

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
AUDIBLE = consoles.audible  # as it is, before a scene puts it in place
TABLET: dict[str, Any] = {
    "viewport": {"width": 820, "height": 1180},
    "has_touch": True,
    "color_scheme": "light",
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    cache.clear()
    with time_machine.travel(NOON, tick=True) as moved:
        yield moved


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch, clock: object) -> scene.Scene:
    """An infusion is ordered. The clock is moved by hours while everybody is at work."""
    monkeypatch.setattr(settings, "CLINIC_IDLE_MIN", "600")
    scene.earlier_rooms(monkeypatch, scene.ordered("IV"))
    return scene.set_up("IV")


@pytest.fixture
def address(day: scene.Scene) -> Iterator[str]:
    with served(asgi.Clinic()) as port:
        yield f"http://localhost:{port}"


@pytest.fixture
def room(day: scene.Scene, browser: Browser, address: str) -> Iterator[dict[str, Chair]]:
    """Three screens on one session."""
    made = {
        "nurse": Chair(day.nurse, browser, address, **TABLET),
        "prescriber": Chair(day.prescriber, browser, address, **DESKTOP),
        "therapist": Chair(day.therapist, browser, address, **LAPTOP),
    }
    for each in made.values():
        each.open(steps.path(day))
    yield made
    complaints = [said for each in made.values() for said in each.complaints]
    for each in made.values():
        each.page.context.close()
    assert complaints == []


def test_a_session_by_three_people_at_three_screens(
    room: dict[str, Chair],
    day: scene.Scene,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(consoles, "audible", AUDIBLE)  # here the screens are real
    steps.readied(room, clock)
    steps.typed_by_two(room)
    steps.dosed(room, day, clock)
    steps.one_handed(room["nurse"])
    steps.turned(room["nurse"])
    steps.alarmed(room, day)
    steps.answered(room)
    steps.corrected(room, day)
    steps.infused(room, clock)
    steps.recovered(room, clock)
    steps.let_go(room, day)
    assert DosingSession.objects.get().phase == "discharged"


def _infusing(
    day: scene.Scene, browser: Browser, address: str, clock: time_machine.Traveller
) -> Chair:
    """The nurse at a desk, five minutes into the infusion."""
    running(day)
    clock.move_to(scene.after(20))
    nurse = Chair(day.nurse, browser, address, **DESKTOP)
    nurse.open(steps.path(day))
    return nurse


def _with_keys(page: Page, part: str) -> None:
    """From anywhere, round by the browser's own bar, to a part of the page."""
    tab_to(page, says=part, most=400)
    page.keyboard.press("Enter")


def test_a_nurse_charts_answers_and_proposes_by_keyboard_alone(
    day: scene.Scene, browser: Browser, address: str, clock: time_machine.Traveller
) -> None:
    """No pointer at all: somebody whose hands tremble, or with a broken screen, cares as well."""
    nurse = _infusing(day, browser, address, clock)
    page = nurse.page
    _no_trap(page)
    _with_keys(page, "Signs")
    for value in (122, 78, 70, 88):
        tab(page)
        page.keyboard.type(str(value))
    page.keyboard.press("Enter")
    expect(nurse.panel).to_contain_text("Very low oxygen")
    _act(nurse, "Alarms", "I am acting", "Nina Nurse is acting")
    tab_to(page, kind="text")
    page.keyboard.type("Chin lifted, awake")
    page.keyboard.press("Enter")
    expect(nurse.panel).to_contain_text("Chin lifted, awake")
    _act(nurse, "Events", "Tears", "Tears")
    _act(nurse, "Dose", "Pause", "Paused")
    day.part("dose_stop", 21, dose_mg=20)
    recover(day, 160)
    clock.move_to(scene.after(160))
    nurse.sign_in()
    page.reload()
    _proposed(page)
    page.context.close()


def test_what_is_typed_elsewhere_stays_when_the_pump_is_paused(
    day: scene.Scene, browser: Browser, address: str, clock: time_machine.Traveller
) -> None:
    """Who pauses the pump in the middle of a sentence would lose the sentence."""
    nurse = _infusing(day, browser, address, clock)
    note, dose = nurse.card("Observation"), nurse.card("Dose")
    nurse.fill(note, What_you_saw="Opened their ey")
    nurse.press("Pause", dose)
    nurse.charted(dose)
    expect(dose).to_contain_text("load the page again once what you typed")
    nurse.fill(note, What_you_saw="Opened their eyes")
    nurse.press("Add to the line", note)
    nurse.charted(note)
    nurse.page.reload()
    expect(dose.get_by_role("button", name="Resume")).to_be_visible()
    assert [row.kind for row in day.events()][-2:] == ["dose_pause", "note"]
    nurse.page.context.close()


def _act(nurse: Chair, part: str, button: str, shows: str) -> None:
    _with_keys(nurse.page, part)
    tab_to(nurse.page, says=button)
    nurse.page.keyboard.press("Enter")
    expect(nurse.panel).to_contain_text(shows)


def _proposed(page: Page) -> None:
    _with_keys(page, "Recovery")
    tab_to(page, says="Discharge: what is met, what lacks", most=60)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Propose")).to_be_visible()
    tab_to(page, says="Propose discharge", most=60)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Proposed. A prescriber")).to_be_visible()


def _no_trap(page: Page) -> None:
    """From the first to the last of the page, forwards; then back by one."""
    page.evaluate("document.activeElement.blur()")
    for stops in range(400):
        if tab(page)["left"] and stops:
            break
    else:
        raise AssertionError("The Tab key does not leave the page.")
    assert stops > 60, "the whole console was passed through"
    assert not tab(page, "Shift+Tab")["left"]
