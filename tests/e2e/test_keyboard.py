"""Who cannot tap, or reads at twice the size, answers and signs in like anybody else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from clinic.measures import actions
from clinic.measures.models import QuestionnaireResponse
from clinic.people.models import Patient, User
from clinic.people.roles import Role
from tests.clinic import cast
from tests.e2e.axe import faults
from tests.e2e.keys import tab_to

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PHONE, TWICE = ViewportSize(width=390, height=844), ViewportSize(width=195, height=422)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()


@pytest.fixture
def small(browser: Browser) -> Iterator[Page]:
    """A phone at 200 %, in the dark."""
    context = browser.new_context(viewport=TWICE, device_scale_factor=2, color_scheme="dark")
    yield context.new_page()
    context.close()


def _link(person: Patient, server: LiveServer, instrument: str) -> str:
    now = timezone.now()
    _, secret = actions.ask(
        patient=person, instrument=instrument, closes_at=now + timedelta(days=1), by=None, at=now
    )
    return f"{server.url}/q/{secret}/"


def test_a_phq_9_is_answered_by_keyboard_alone(phone: Page, live_server: LiveServer) -> None:
    cast.on_call(cast.staff(Role.NURSE))
    robin = cast.patient()
    phone.goto(_link(robin, live_server, "phq9"))
    tab_to(phone, kind="date")
    phone.keyboard.type(f"{robin.birth_date:%m%d%Y}")
    tab_to(phone, says="Continue")
    phone.keyboard.press("Enter")
    for number in range(1, 11):
        expect(phone.get_by_text(f"Question {number} of 10").first).to_be_visible()
        tab_to(phone, kind="radio")
        phone.keyboard.press("ArrowDown")
        tab_to(phone, says="Next")
        phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Your answers")).to_be_visible()
    tab_to(phone, says="Send to the clinic")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    answers = QuestionnaireResponse.objects.get().answers
    assert set(answers.values()) == {1} and len(answers) == 10


def _sound(page: Page) -> None:
    assert faults(page) == []
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), page.url


def test_the_check_in_is_sound_at_twice_the_size_in_the_dark(
    small: Page, live_server: LiveServer
) -> None:
    rosa = cast.patient(given="Rosa", language="es")
    small.goto(_link(rosa, live_server, "moment"))
    small.get_by_label("Su fecha de nacimiento").fill(rosa.birth_date.isoformat())
    small.get_by_role("button", name="Continuar").click()
    _sound(small)
    small.get_by_role("radio", name="4", exact=True).check()
    small.get_by_role("button", name="Siguiente").click()
    expect(small.get_by_text("Pregunta 2 de 8").first).to_be_visible()
    small.get_by_role("button", name="Todas las preguntas en una página").click()
    _sound(small)


def test_a_patients_own_pages_are_sound_at_twice_the_size_in_the_dark(
    small: Page, live_server: LiveServer
) -> None:
    user = User.objects.create_user("rosa@home.example", cast.PASSWORD, name="Rosa")
    cast.patient(given="Rosa", language="es", user=user)
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": cast.PASSWORD})
    name = settings.SESSION_COOKIE_NAME
    key = client.cookies[name].value
    small.context.add_cookies([{"name": name, "value": key, "url": live_server.url}])
    for each in ("people:account", "account_change_password", "mfa_activate_totp", "reach:own"):
        small.goto(live_server.url + reverse(each))
        expect(small.locator("html")).to_have_attribute("lang", "es")
        _sound(small)
