"""A curve that is cut off, cannot be read or lags behind what was typed is a wrong one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.curves.test_session import running
from tests.clinic.dosing import scene
from tests.clinic.planning import ground
from tests.e2e.axe import faults
from tests.e2e.whole import laid_out

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def curve(page: Page, live_server: LiveServer) -> Page:
    """The page of a person of 70 kg, as their prescriber sees it."""
    person = cast.patient()
    prescriber = cast.treats(cast.staff(Role.PRESCRIBER), person)
    ground.tell(person, "weight_kg", 70, timezone.now() - timedelta(days=1))
    name = settings.SESSION_COOKIE_NAME
    client = cast.signed_in(prescriber)
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(f"{live_server.url}/patients/{person.pk}/plan/curve/")
    return page


@pytest.fixture
def measured(
    page: Page, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Page]:
    """An infusion with a pause in it, an hour in, as the nurse sees what was measured."""
    with time_machine.travel(scene.after(61), tick=True):
        scene.earlier_rooms(monkeypatch, scene.ordered("IV"))
        day = running(scene.set_up("IV"))
        for minute in range(20, 60, 5):
            day.chart("vitals", scene.after(minute), sbp=120 + minute % 7, dbp=76, hr=70, spo2=97)
            day.chart("nrs", scene.after(minute), dissoc_nrs=minute % 5)
        day.part("dose_pause", 30)
        day.part("dose_resume", 40)
        day.part("dose_stop", 60, dose_mg=30)
        name = settings.SESSION_COOKIE_NAME
        key = cast.signed_in(day.nurse).cookies[name].value
        page.context.add_cookies([{"name": name, "value": key, "url": live_server.url}])
        page.goto(f"{live_server.url}/patients/{day.patient.pk}/sessions/{day.session.pk}/curve/")
        yield page


def sound(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two
        assert faults(page) == []
    for width in (1280, 640, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert list(laid_out(page)) == [], width
    page.set_viewport_size({"width": 1280, "height": 900})


def test_the_drawing_follows_what_is_typed(curve: Page) -> None:
    first = curve.get_by_role("group", name="Plan A")
    first.get_by_label("Product and route").select_option("RACEMIC IV")
    expect(curve.locator("#curve")).to_contain_text("The dose.")
    first.get_by_role("textbox", name="Dose", exact=True).fill("35")
    expect(curve.locator("#curve")).to_contain_text("Over how many minutes.")
    expect(curve.locator("#curve svg.drawing")).to_have_count(0)
    first.get_by_label("By vein").fill("40")
    expect(curve.locator("#curve svg.drawing .line")).to_have_count(1)
    second = curve.get_by_role("group", name="Plan B, to compare")
    second.get_by_label("Product and route").select_option("RACEMIC SC")
    second.get_by_role("textbox", name="Dose", exact=True).fill("35")
    expect(curve.locator("#curve .curve-2 .outer")).to_have_count(1)
    expect(curve.locator("#curve .curve-2 .line")).to_have_count(0)
    curve.get_by_text("Norketamine, blood, and another medicine").click()
    curve.get_by_label("Norketamine, which the body makes").check()
    expect(curve.get_by_role("heading", name="Predicted curves of norketamine")).to_be_visible()
    assert curve.url.endswith("/plan/curve/")
    sound(curve)


def test_what_was_measured_stands_over_the_curve_whole_and_readable(measured: Page) -> None:
    """A scale that is cut off beside the chair would be read as another number."""
    expect(measured.get_by_role("table", name="Predicted ng/mL by minute")).to_be_visible()
    assert measured.locator("svg.drawing").count() > 1
    sound(measured)


def test_the_lesson_is_whole_and_has_no_fault_that_axe_knows(
    curve: Page, live_server: LiveServer
) -> None:
    curve.goto(live_server.url + "/curves/")
    sound(curve)
