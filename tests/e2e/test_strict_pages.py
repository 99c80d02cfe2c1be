"""Every page in a real browser under the strict policy: no violation and no complaint."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Page, expect
from playwright.sync_api import Error as PlaywrightError
from pytest_django.live_server_helper import LiveServer

from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.people import probe

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
WATCH = """addEventListener("securitypolicyviolation", event =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`))"""
REFUSED = "Failed to load resource: the server responded with a status of"


@pytest.fixture
def complaints(context: BrowserContext, page: Page) -> Iterator[list[str]]:
    """What the browser complained of; a refused page's own status is no complaint."""
    cache.clear()
    found: list[str] = []
    context.add_init_script(WATCH)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda said: (
            found.append(f"{page.url}: {said.text}")
            if said.type == "error" and not said.text.startswith(REFUSED)
            else None
        ),
    )
    yield found
    assert found == []


def _come_in(page: Page, address: str, member: StaffMember) -> None:
    client = cast.signed_in(member)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": address}
    page.context.add_cookies([cookie])


def _visit_all(page: Page, server: LiveServer, person: Patient) -> None:
    for route in probe.spec_routes():
        if route.about != "closed" and route.name != "account_logout":
            url = probe.address(route.name, patient_id=person.pk, instrument="phq9", staff_id=1)
            with suppress(PlaywrightError):  # an answer without a page: a refused method, a file
                page.goto(server.url + url)


@pytest.mark.parametrize("role", [Role.MEDICAL_DIRECTOR, Role.NURSE, Role.MANAGER])
def test_every_page_keeps_the_policy(
    role: Role, page: Page, live_server: LiveServer, complaints: list[str]
) -> None:
    member, person = cast.staff(role), cast.patient()
    cast.treats(member, person)
    _come_in(page, live_server.url, member)
    _visit_all(page, live_server, person)


def test_the_policy_is_watched(page: Page, live_server: LiveServer) -> None:
    found: list[str] = []
    page.context.add_init_script(WATCH)
    page.on("console", lambda said: found.append(said.text))
    page.goto(live_server.url + "/account/login/")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate(
        "document.head.append(Object.assign(document.createElement('script'), {text: '1'}))"
    )
    page.wait_for_timeout(200)
    assert any("policy: script-src" in said for said in found)


def test_a_passkey_proves_and_loses_nothing(
    page: Page, live_server: LiveServer, complaints: list[str]
) -> None:
    """A device of Chromium's own makes a real passkey; localhost, since a passkey needs a name."""
    address = live_server.url.replace("127.0.0.1", "localhost")
    settings.ALLOWED_HOSTS += ["localhost"]
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True}
    made = {"options": options | {"automaticPresenceSimulation": True}}
    device.send("WebAuthn.addVirtualAuthenticator", made)
    manager = cast.staff(Role.MANAGER)
    _come_in(page, address, manager)
    page.goto(address + "/account/2fa/webauthn/add/")
    page.locator("main input[type=password]").fill(cast.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/webauthn/add/**")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    page.context.clear_cookies()
    _come_in(page, address, manager)
    page.goto(address + "/staff/new/")
    page.get_by_label("Name").fill("Typed once")
    page.get_by_label("E-mail").fill("typed@clinic.example")
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", name="Prove it is you")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Start password for Typed once")).to_be_visible()
