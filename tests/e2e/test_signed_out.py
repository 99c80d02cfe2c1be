"""A session ends while a page is open: nothing typed is lost, and no fragment becomes a sign-in."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from clinic.intake.models import FactAnswer
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.dosing import scene

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SOON_MS = 15_000


def _come_in(context: BrowserContext, address: str, member: StaffMember) -> None:
    name = settings.SESSION_COOKIE_NAME
    key = cast.signed_in(member).cookies[name].value
    context.add_cookies([{"name": name, "value": key, "url": address}])


def _sign_out(context: BrowserContext) -> None:
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def _sign_in_in_another_tab(page: Page, member: StaffMember) -> None:
    link = page.get_by_role("link", name=re.compile("Sign in"))
    with page.context.expect_page() as opened:
        link.click()
    tab = opened.value
    tab.locator("#id_login").fill(member.user.email)
    tab.locator("#id_password").fill(cast.PASSWORD)
    tab.locator("#id_password").press("Enter")
    tab.wait_for_url(lambda url: "/login/" not in url)
    tab.close()
    page.bring_to_front()


@pytest.fixture
def nurse(context: BrowserContext, live_server: LiveServer) -> StaffMember:
    member = cast.staff(Role.NURSE, "Nina Here")
    _come_in(context, live_server.url, member)
    return member


@pytest.fixture
def robin(nurse: StaffMember) -> Patient:
    person = cast.patient()
    cast.treats(nurse, person)
    return person


def test_a_page_on_which_nothing_was_typed_goes_to_sign_in_whole(
    page: Page, live_server: LiveServer, nurse: StaffMember
) -> None:
    page.goto(f"{live_server.url}/today/")
    expect(page.locator("#lost-line")).to_be_hidden()
    _sign_out(page.context)
    page.wait_for_url("**/account/login/?next=/today/", timeout=SOON_MS)
    expect(page.get_by_role("heading", name="Today")).to_have_count(0)


def test_what_was_typed_stays_and_is_saved_after_signing_in_again(
    page: Page, live_server: LiveServer, robin: Patient, nurse: StaffMember
) -> None:
    page.goto(f"{live_server.url}/patients/{robin.pk}/intake/")
    height = page.locator("[name=height_cm]")
    height.evaluate("e => { for (let d = e; d; d = d.parentElement) d.open = true }")
    _sign_out(page.context)
    height.fill("171")
    line = page.locator("#lost-line")
    expect(line).to_contain_text("You are signed out", timeout=SOON_MS)
    expect(page.locator("#id_password")).to_have_count(0)
    assert not FactAnswer.objects.exists()
    member = StaffMember.objects.get(user__name="Nina Here")
    member.user.authenticator_set.all().delete()  # in the demo a password alone signs in
    _sign_in_in_another_tab(page, member)
    expect(line).to_be_hidden(timeout=SOON_MS)
    assert height.input_value() == "171"
    height.evaluate("e => e.form.requestSubmit()")
    page.wait_for_load_state()
    expect(page.locator("[name=height_cm]")).to_have_value("171")
    assert FactAnswer.objects.get(key="height_cm").value == 171


def test_a_form_sent_after_the_session_ended_is_handed_back(
    page: Page, live_server: LiveServer, robin: Patient, nurse: StaffMember
) -> None:
    page.goto(f"{live_server.url}/patients/{robin.pk}/consent/withdraw/")
    page.locator("textarea, input[name=words]").first.fill("I do not want it any more")
    _sign_out(page.context)
    page.locator("main form button").first.click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    assert not robin.withdrawals.exists()
    nurse.user.authenticator_set.all().delete()
    _sign_in_in_another_tab(page, nurse)
    expect(page.get_by_text("Signed in as Nina Here.")).to_be_visible(timeout=SOON_MS)
    page.get_by_role("button", name="Send what I typed").click()
    page.wait_for_load_state()
    assert robin.withdrawals.get().words == "I do not want it any more"


def test_a_console_says_that_it_is_no_longer_live(
    page: Page, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.earlier_rooms(monkeypatch, scene.ordered())
    of = scene.set_up()
    _come_in(page.context, live_server.url, of.nurse)
    page.goto(f"{live_server.url}/patients/{of.patient.pk}/sessions/{of.session.pk}/")
    _sign_out(page.context)
    expect(page.locator("#live-line")).to_contain_text(
        "Signed out: no longer live", timeout=SOON_MS
    )
    expect(page.locator("#panel")).to_be_visible()
    page.locator("[name=sbp]").fill("120")
    page.locator("[name=sbp]").evaluate("e => e.form.requestSubmit()")
    expect(page.get_by_text("Not charted: you are signed out")).to_be_visible()
    assert page.locator("[name=sbp]").input_value() == "120"
