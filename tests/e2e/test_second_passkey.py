"""The second person checks a dose at the console of the first, by a passkey of their own."""

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from clinic.dosing import dose_entry
from clinic.people.models import AuditEntry, StaffMember
from tests.clinic import cast
from tests.clinic.dosing import scene
from tests.clinic.dosing.scene import after

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def _come_in(page: Page, address: str, member: StaffMember) -> None:
    name = settings.SESSION_COOKIE_NAME
    key = cast.signed_in(member).cookies[name].value
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": key, "url": address}])


def _add_passkey(page: Page, address: str) -> None:
    page.goto(address + "/account/2fa/webauthn/add/")
    page.locator("main input[type=password]").fill(cast.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/webauthn/add/**")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)


def _device(page: Page) -> None:
    """A device of Chromium's own, which makes real passkeys."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True}
    made = {"options": options | {"automaticPresenceSimulation": True}}
    device.send("WebAuthn.addVirtualAuthenticator", made)


def test_a_passkey_proves_the_second_and_the_first_stays_signed_in(
    page: Page, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On localhost, since a passkey needs a name."""
    cache.clear()
    scene.earlier_rooms(monkeypatch, scene.ordered())
    address = live_server.url.replace("127.0.0.1", "localhost")
    settings.ALLOWED_HOSTS += ["localhost"]
    _device(page)
    with time_machine.travel(after(1), tick=True):
        of = scene.set_up()
        of.chart("weight", after(1), weight_kg=70)
        dose_entry.enter_first(
            session=of.session,
            entry=scene.MG_35,
            identity=scene.ROBIN,
            by=of.nurse.user,
            at=after(1),
        )
        _come_in(page, address, of.other)
        _add_passkey(page, address)
        _come_in(page, address, of.nurse)
        page.goto(f"{address}/patients/{of.patient.pk}/sessions/{of.session.pk}/")
        page.get_by_text("By passkey, at this console:").wait_for()
        page.get_by_role("link", name="Otto Other").click()
        expect(page.get_by_role("heading", name="Second entry by Otto Other")).to_be_visible()
        page.get_by_label("Dose, mg").fill("35")
        page.get_by_label("Weight, kg").fill("70")
        page.get_by_role("button", name="Compare, by my passkey").click()
        expect(page.get_by_text("Both entries agree")).to_be_visible()
        check = of.session.checks.get()
        assert (check.first, check.second) == (of.nurse.user, of.other.user)
        proved = AuditEntry.objects.get(action="second_person_proved")
        assert proved.actor == of.nurse.user  # whose session it is and stays
        page.goto(address + "/account/")
        expect(page.get_by_text("Nina Nurse").first).to_be_visible()
