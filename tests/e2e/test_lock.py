"""A screen left alone beside a patient: names gone, numbers and help there, nothing typed lost."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from clinic.alerts.models import Alert
from clinic.dosing import screen
from clinic.people import staffing
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.dosing import scene
from tests.e2e.axe import violations

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PIN = "482915"
SOON_MS = 15_000


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON + timedelta(minutes=20), tick=True) as moved:
        yield moved


@pytest.fixture
def day(context: BrowserContext, live_server: LiveServer, clock: object) -> scene.Scene:
    made = scene.set_up("IM")
    made.chart("vitals", timezone.now(), hr=88)
    staffing.set_pin(digits=PIN, by=made.nurse.user, at=timezone.now())
    name = settings.SESSION_COOKIE_NAME
    key = cast.signed_in(made.nurse).cookies[name].value
    context.add_cookies([{"name": name, "value": key, "url": live_server.url}])
    return made


@pytest.mark.hazard(20)
def test_an_idle_console_takes_names_off_calls_help_and_goes_on_after_the_pin(
    page: Page, live_server: LiveServer, day: scene.Scene, clock: time_machine.Traveller
) -> None:
    page.clock.install()
    page.goto(f"{live_server.url}/patients/{day.patient.pk}/sessions/{day.session.pk}/")
    bar = page.locator("#lock")
    expect(bar).to_be_hidden()
    pulse = page.locator("[name=hr]").first
    pulse.fill("91")
    seen = page.get_by_label("What you saw or heard")
    seen.fill("Robin cried")
    page.route("**/loop-line/", lambda route: route.abort())  # by its own timer, offline too
    clock.shift(timedelta(minutes=10))
    page.clock.fast_forward("10:01")
    expect(bar).to_be_visible(timeout=SOON_MS)
    _look(page, day)
    _push(page, day)
    page.get_by_role("button", name="Help at the chair").click()
    expect(page.locator(".help-call .told")).to_contain_text("Help was called", timeout=SOON_MS)
    assert Alert.objects.filter(code__startswith="help.").count() == 1
    form = page.locator("form", has=page.locator("[name=hr]")).first
    form.get_by_role("button", name="Chart").click()
    expect(bar).to_contain_text("Locked: type your PIN.", timeout=SOON_MS)
    expect(pulse).to_have_value("91")

    bar.get_by_label("PIN or password").fill("000000")
    bar.get_by_role("button", name="Unlock").click()
    expect(bar).to_contain_text("That did not unlock it.", timeout=SOON_MS)
    bar.get_by_label("PIN or password").fill(PIN)
    bar.get_by_role("button", name="Unlock").click()
    expect(bar).to_be_hidden(timeout=SOON_MS)
    expect(page.locator(".person h1")).to_contain_text("Robin Example")
    expect(page.locator(".line-of-events li").first).to_contain_text("Nina Nurse")
    expect(seen).to_have_value("Robin cried")
    form.get_by_role("button", name="Chart").click()
    expect(form.locator(".told")).to_contain_text("Charted as line", timeout=SOON_MS)
    clock.shift(timedelta(minutes=10))
    _other_pages_wait(page, f"{live_server.url}/patients/{day.patient.pk}/", clock)


def _names_nobody(page: Page, day: scene.Scene) -> None:
    """Not in what is drawn, and not in the document behind it."""
    values = "[...document.querySelectorAll('input, textarea')].map(each => each.value).join()"
    kept = page.content() + page.evaluate(values)
    assert [each for each in day.names() if each in kept] == []


def _push(page: Page, day: scene.Scene) -> None:
    """A panel with names in it, of a server that is not locked yet."""
    day.chart("vitals", timezone.now(), hr=143)
    pushed = screen.panel(day.session, timezone.now())
    page.evaluate("html => { document.getElementById('panel').innerHTML = html }", pushed)
    expect(page.locator(".vitals")).to_contain_text("143")
    _names_nobody(page, day)


def _look(page: Page, day: scene.Scene) -> None:
    _names_nobody(page, day)
    assert page.title() == "Locked"
    grave = [each for each in violations(page) if each["impact"] in ("serious", "critical")]
    assert [(each["id"], each["nodes"][0]["html"]) for each in grave] == []


def _other_pages_wait(page: Page, url: str, clock: time_machine.Traveller) -> None:
    """As a whole; and the server's own page asks where no script does."""
    page.goto(url)
    page.get_by_label("PIN or password").last.fill(PIN)
    page.get_by_role("button", name="Unlock and go on").click()
    expect(page.locator(".person")).to_be_visible(timeout=SOON_MS)
    page.wait_for_load_state()  # its script counts from here
    clock.shift(timedelta(minutes=10))
    page.clock.fast_forward("10:01")
    expect(page.locator("#lock")).to_be_visible(timeout=SOON_MS)
    assert "Robin" not in page.content()
    page.locator("#lock").get_by_label("PIN or password").fill(PIN)
    page.locator("#lock").get_by_role("button", name="Unlock").click()
    expect(page.locator(".person")).to_be_visible(timeout=SOON_MS)
