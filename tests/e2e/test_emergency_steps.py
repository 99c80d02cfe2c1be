"""One tap at a console: steps with their clock, ticked and closed without a page load."""

from collections.abc import Iterator

import pytest
import time_machine
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.clinic import cast
from tests.clinic.dosing import scene
from tests.clinic.dosing.scene import after
from tests.e2e.axe import violations

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SOON_MS = 15_000


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(after(20), tick=True) as moved:
        yield moved


@pytest.mark.hazard(7)
def test_the_steps_come_on_top_and_every_tap_reaches_the_line(
    page: Page, context: BrowserContext, live_server: LiveServer, clock: object
) -> None:
    """Whoever stands beside somebody who swells up has one hand and no time to look for a page."""
    day = scene.set_up("IM")
    name = settings.SESSION_COOKIE_NAME
    key = cast.signed_in(day.nurse).cookies[name].value
    context.add_cookies([{"name": name, "value": key, "url": live_server.url}])
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.route("**/live/**", lambda route: route.abort())  # also where the stream is lost
    page.goto(f"{live_server.url}/patients/{day.patient.pk}/sessions/{day.session.pk}/")
    page.get_by_role("button", name="Anaphylaxis").click()
    card = page.locator(".open-steps")
    expect(card).to_be_in_viewport(timeout=SOON_MS)
    expect(card.locator("[data-clock]")).to_contain_text("0:0")
    expect(card).to_contain_text("Prescriber order required")
    grave = [each for each in violations(page) if each["impact"] in ("serious", "critical")]
    assert [(each["id"], each["nodes"][0]["html"]) for each in grave] == []
    card.locator('[value="PATH-ANA:1"]').click()
    expect(card.locator("li.done")).to_contain_text("Nina Nurse", timeout=SOON_MS)
    # Step 2 arrives and nobody hears of it; step 3 is another event all the same.
    done = "**/steps/done/"
    page.route(done, lambda route: (route.fetch(), route.abort()))
    card.locator('[value="PATH-ANA:2"]').click()
    expect(page.get_by_text("Not sent: the clinic cannot be reached.")).to_be_visible()
    page.unroute(done)
    card.locator('[value="PATH-ANA:3"]').click()
    expect(card.locator("li.done")).to_have_count(3, timeout=SOON_MS)
    card.get_by_text("Close these steps").click()
    card.get_by_role("button", name="Emergency services took over").click()
    expect(card).to_have_count(0, timeout=SOON_MS)
    kinds = [row.kind for row in day.events()]
    assert kinds == ["steps_opened", *["step_done"] * 3, "steps_closed"]
    assert broken == []
