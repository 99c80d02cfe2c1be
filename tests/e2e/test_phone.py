"""A patient's pages on a phone: in Spanish, without JavaScript, at twice the size, by the rules."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils.timezone import now as _now
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from clinic.measures import actions, queries
from clinic.measures.models import QuestionnaireResponse
from clinic.people.models import Patient, User
from clinic.people.roles import Role
from clinic.welcome import actions as accounts
from tests.clinic import cast
from tests.clinic.welcome import invited
from tests.e2e.axe import faults

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PHONE, TWICE = {"width": 390, "height": 844}, {"width": 195, "height": 422}


@pytest.fixture(params=["with JavaScript", "without"])
def phone(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A phone; a page error fails the test."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=request.param != "without")
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def twin(browser: Browser) -> Iterator[BrowserContext]:
    """Another phone with JavaScript, which axe and the measuring need."""
    context = browser.new_context(viewport=PHONE)
    yield context
    context.close()


@pytest.fixture
def rosa() -> Patient:
    """Somebody who reads Spanish, with a nurse on call."""
    cast.on_call(cast.staff(Role.NURSE))
    return cast.patient(given="Rosa", language="es-MX")


def _link(person: Patient, server: LiveServer, instrument: str = "moment") -> str:
    now = _now()
    _, secret = actions.ask(
        patient=person, instrument=instrument, closes_at=now + timedelta(days=1), by=None, at=now
    )
    return f"{server.url}/q/{secret}/"


def _open(page: Page, link: str, person: Patient, *, language: str = "es") -> None:
    words = {
        "es": ("Su fecha de nacimiento", "Continuar"),
        "en": ("Your date of birth", "Continue"),
    }
    label, button = words[language]
    page.goto(link)
    page.get_by_label(label).fill(person.birth_date.isoformat())
    page.get_by_role("button", name=button).click()


def _sound(page: Page) -> None:
    """By the rules of axe; no sideways scroll, not even at twice the size; large targets."""
    assert faults(page) == []
    root = "document.documentElement"
    for size in (TWICE, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a width and a height
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), page.url
    small = page.evaluate(
        "[...document.querySelectorAll('main button, main .choices label, .foot .button')]"
        ".filter(each => each.checkVisibility())"
        ".map(each => [each.textContent.trim(), each.getBoundingClientRect().height])"
        ".filter(([, height]) => height < 44)"
    )
    assert small == []


def test_the_check_in_in_spanish_is_answered_and_sent(
    phone: Page, rosa: Patient, live_server: LiveServer
) -> None:
    _open(phone, _link(rosa, live_server), rosa)
    for number, said in enumerate(["4", "7", "No", "No", "6", "No", "2", "No"], 1):
        expect(phone.get_by_text(f"Pregunta {number} de 8").first).to_be_visible()
        phone.get_by_role("radio", name=said, exact=True).check()
        phone.get_by_role("button", name="Siguiente").click()
    phone.get_by_role("button", name="Enviar a la clínica").click()
    expect(phone.get_by_text("Sus respuestas llegaron a la clínica")).to_be_visible()
    row = QuestionnaireResponse.objects.get()
    assert row.scores == {"mood": 4, "anxiety": 7, "sleep": 6, "bother": 2}
    assert "moment-1.es" in row.wording


def test_all_on_one_page_is_kept_as_it_is_tapped_and_taken_up_again(
    phone: Page, rosa: Patient, live_server: LiveServer
) -> None:
    link = _link(rosa, live_server)
    _open(phone, link, rosa)
    phone.get_by_role("button", name="Todas las preguntas en una página").click()
    expect(phone.get_by_role("group")).to_have_count(8)
    mood = phone.get_by_role("group").first
    if phone.evaluate("typeof htmx !== 'undefined'"):
        mood.get_by_role("radio", name="3", exact=True).check()
        expect(phone.locator("#told")).to_contain_text("1 de 8 respondidas")
    else:
        mood.get_by_role("radio", name="3", exact=True).check()
        phone.get_by_role("button", name="Siguiente").click()
    assert queries.latest_answers(rosa.assignments.get()) == {"mood": 3}
    _open(phone, link, rosa)
    expect(phone.get_by_text("1 de 8 respondidas").first).to_be_visible()
    expect(phone.get_by_role("radio", name="3", exact=True).first).to_be_checked()


def test_help_is_called_before_and_within_the_questions(
    phone: Page, rosa: Patient, live_server: LiveServer
) -> None:
    link = _link(rosa, live_server)
    phone.goto(link)
    phone.get_by_role("button", name="Necesito ayuda ahora").click()
    expect(phone.get_by_text("Tenga el teléfono cerca")).to_be_visible()
    assert rosa.alerts.filter(code="help", level="immediate").count() == 1
    _open(phone, link, rosa)
    expect(phone.get_by_role("link", name="Llamar al 988")).to_be_visible()


def test_the_phq_9_is_answered_without_javascript(
    browser: Browser, live_server: LiveServer
) -> None:
    cast.on_call(cast.staff(Role.NURSE))
    robin = cast.patient()
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    _open(page, _link(robin, live_server, "phq9"), robin, language="en")
    for number in range(1, 11):
        expect(page.get_by_text(f"Question {number} of 10").first).to_be_visible()
        page.get_by_role("radio").nth(2 if number == 9 else 0).check()
        page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Send to the clinic").click()
    expect(page.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    expect(page.get_by_role("button", name="Call me now")).to_be_visible()
    assert robin.alerts.filter(code="phq9.si_frequent").exists()
    context.close()


@pytest.mark.parametrize("language", ["en-US", "es-MX"])
def test_every_page_is_sound_at_once_and_twice_the_size(
    twin: BrowserContext, live_server: LiveServer, language: str
) -> None:
    cast.on_call(cast.staff(Role.NURSE))
    person, page = cast.patient(language=language), twin.new_page()
    link, code = _link(person, live_server), language[:2]
    for address in (link, f"{live_server.url}/q/none/", f"{live_server.url}/help/{code}/"):
        page.goto(address)
        _sound(page)
    page.goto(link)
    page.locator("summary").click()
    _sound(page)
    _open(page, link, person, language=code)
    _sound(page)
    page.locator("form.pace button").click()
    _sound(page)
    page.goto(f"{link}review/")
    _sound(page)
    page.locator("main form .button").click()
    _sound(page)
    page.locator("form.call button").first.click()
    _sound(page)


def test_the_language_is_switched_and_the_page_says_which_it_is(
    phone: Page, rosa: Patient, live_server: LiveServer
) -> None:
    phone.goto(_link(rosa, live_server))
    expect(phone.locator("html")).to_have_attribute("lang", "es")
    phone.get_by_role("button", name="English").click()
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    expect(phone.get_by_role("button", name="Español")).to_be_visible()


def test_whoever_is_invited_comes_to_a_page_of_their_own(
    phone: Page, rosa: Patient, live_server: LiveServer
) -> None:
    cache.clear()
    _open(phone, f"{live_server.url}{invited.page('link', invited.invite(rosa, at=_now()))}", rosa)
    phone.get_by_label("Correo electrónico").fill("rosa@person.example")
    phone.get_by_label("Contraseña", exact=True).fill(invited.PASSWORD)
    phone.get_by_label("Contraseña (otra vez)").fill(invited.PASSWORD)
    expect(phone.get_by_role("radio", name="Español")).to_be_checked()
    phone.get_by_role("button", name="Ir a mi página").click()
    expect(phone.get_by_role("heading", name="Hola, Rosa")).to_be_visible()


@pytest.mark.parametrize("language", ["en-US", "es-MX"])
def test_the_pages_of_an_invitation_are_sound(
    twin: BrowserContext, live_server: LiveServer, language: str
) -> None:
    cache.clear()
    cast.on_call(cast.staff(Role.NURSE))
    person, page = cast.patient(language=language), twin.new_page()
    link = f"{live_server.url}{invited.page('link', invited.invite(person, at=_now()))}"
    for address in (link, f"{live_server.url}/welcome/none/"):
        page.goto(address)
        _sound(page)
    _open(page, link, person, language=language[:2])
    _sound(page)
    page.locator("main form .button").click()  # nothing typed: each fault is named
    _sound(page)
    accounts.withdraw(patient=person, by=User.objects.get(), at=_now())
    page.goto(link)
    _sound(page)
