"""From preparation to integration, by therapist and patient: what one writes reaches the other."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from clinic.calendar import actions as calendar
from clinic.calendar.actions import Slot
from clinic.dosing import stages
from clinic.episodes import actions as episodes
from clinic.own.actions import offer_story
from clinic.own.models import Story
from clinic.people.models import Patient, StaffMember, User
from clinic.people.roles import Role
from clinic.therapy import touching
from clinic.therapy.incidents import name_reviewer
from clinic.therapy.models import Incident, TouchAsked
from tests.clinic import cast
from tests.clinic.therapy.cases import dosed
from tests.e2e.axe import faults

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PHONE, TWICE = {"width": 390, "height": 844}, {"width": 195, "height": 422}
OWN = ("", "visit/", "visit/RDY-03/", "journal/", "values/", "letters/", "intention/", "homework/",
       "stories/", "reading/", "reading/what/", "reading/expect/", "reading/unknown/")  # fmt: skip


@pytest.fixture
def robin() -> Patient:
    cache.clear()
    cast.on_call(cast.staff(Role.NURSE))
    made = cast.patient()
    made.user = User.objects.create_user("robin@person.example", cast.PASSWORD, name=made.name)
    made.save()
    return made


@pytest.fixture
def theo(robin: Patient) -> StaffMember:
    return cast.treats(cast.staff(Role.THERAPIST, "Theo Therapist"), robin)


@pytest.fixture
def night(browser: Browser) -> Iterator[BrowserContext]:
    """A phone at night: dark, nothing moves."""
    context = browser.new_context(viewport=PHONE, color_scheme="dark", reduced_motion="reduce")  # type: ignore[arg-type]  # a width and a height
    yield context
    context.close()


def _as(context: BrowserContext, server: LiveServer, client: Client) -> Page:
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": server.url}
    context.add_cookies([cookie])  # type: ignore[list-item]  # name, value and address
    return context.new_page()


def _in_care(person: Patient) -> Client:
    client = Client()
    assert person.user
    client.force_login(person.user)
    return client


def _booked(person: Patient, by: StaffMember) -> None:
    now = timezone.now()
    episodes.open_episode(patient=person, by=None, at=now)
    starts_at = now + timedelta(hours=30)
    slot = Slot("Blue room", starts_at, starts_at + timedelta(hours=3))
    stages.open_session(
        patient=person,
        product="RACEMIC",
        route="IM",
        by=by.user,
        at=now,
        appointment=calendar.book(patient=person, slot=slot, by=by.user, at=now),
    )


def _sound(page: Page) -> None:
    """Nothing that axe faults; at twice the size no sideways scroll; targets for a thumb."""
    assert faults(page) == [], page.url
    root = "document.documentElement"
    for size in (TWICE, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a width and a height
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), page.url
    small = page.evaluate(
        "[...document.querySelectorAll('main button, main .button')]"
        ".filter(each => each.checkVisibility())"
        ".map(each => [each.textContent.trim(), each.getBoundingClientRect().height])"
        ".filter(([, height]) => height < 44)"
    )
    assert small == [], page.url


@pytest.mark.parametrize("language", ["en-US", "es-MX"])
def test_every_page_of_ones_own_holds_at_night(
    night: BrowserContext, live_server: LiveServer, robin: Patient, theo: StaffMember, language: str
) -> None:
    """Dark, at twice the size and without motion: a page that cannot be read then helps nobody."""
    robin.language = language
    robin.save()
    _booked(robin, theo)
    page = _as(night, live_server, _in_care(robin))
    for name in OWN:
        page.goto(f"{live_server.url}/me/{name}")
        _sound(page)


def _prepares(desk: Page, therapy: str) -> None:
    """The therapist records a visit."""
    desk.goto(therapy)
    desk.get_by_role("link", name="Record a visit").click()
    expect(desk.get_by_role("heading", name="Preparation visit")).to_be_visible()
    assert faults(desk) == []
    desk.get_by_label("How they want to be calmed").fill("Say that it passes")
    desk.get_by_label("Word or sign that stops everything").fill("River")
    desk.get_by_text("Room and music").click()
    desk.get_by_label("Eyeshade").check()
    desk.get_by_role("button", name="Record this visit").click()
    expect(desk.get_by_text("Say that it passes")).to_be_visible()


def _readies(phone: Page, own: str) -> None:
    """The person writes their intention, goes through the list, keeps a journal, shares of it."""
    phone.goto(own + "intention/")
    phone.get_by_label("Why you come").fill("To look at that winter")
    phone.get_by_role("button", name="Keep").click()
    phone.get_by_role("link", name="What to do before it").click()
    yes = phone.get_by_role("button", name=re.compile("Yes.*No food"))
    yes.click()
    expect(yes).to_have_count(0)
    phone.get_by_role("link", name=re.compile("hard for me.*Your way home")).click()
    phone.get_by_label("What is hard about it?").fill("Nobody drives")
    phone.get_by_role("button", name="Tell the clinic").click()
    expect(phone.get_by_text("Nobody drives")).to_be_visible()
    phone.goto(own + "journal/")
    for words in ("For me alone", "For you, too"):
        phone.get_by_label("Your words").fill(words)
        phone.get_by_role("button", name="Keep").click()
    phone.get_by_role("link", name="Share").first.click()
    expect(phone.get_by_role("heading", name="Share this?")).to_be_visible()
    _sound(phone)
    phone.get_by_role("button", name="Share a copy").click()


def _is_told(desk: Page, server: LiveServer, person: Patient) -> None:
    """What reached the clinic, and what did not."""
    desk.goto(server.url + "/today/")
    expect(desk.get_by_role("heading", name="Not ready yet for a dose")).to_be_visible()
    desk.goto(f"{server.url}/patients/{person.pk}/visit/")
    expect(desk.get_by_text("Nobody drives")).to_be_visible()
    assert faults(desk) == []
    desk.goto(f"{server.url}/patients/{person.pk}/therapy/")
    expect(desk.get_by_text("To look at that winter")).to_be_visible()
    expect(desk.get_by_text("For you, too")).to_be_visible()
    expect(desk.get_by_text("For me alone")).to_have_count(0)
    assert faults(desk) == []


def _integrates(desk: Page, therapy: str) -> None:
    """The therapist records the visit after the dose."""
    desk.goto(therapy)
    desk.get_by_role("link", name="Record an integration visit").click()
    expect(desk.get_by_role("heading", name="Integration visit")).to_be_visible()
    assert faults(desk) == []
    desk.get_by_label("Attended").check()
    desk.get_by_label("In person").check()
    desk.get_by_label("Themes you worked on").fill("The winter")
    desk.get_by_label("The next small step").fill("Call Ana")
    desk.get_by_role("button", name="Record this visit").click()


def _answers(phone: Page, own: str) -> None:
    """The person says how it went, and deletes what was for them alone."""
    phone.goto(own + "homework/")
    expect(phone.get_by_text("Call Ana")).to_be_visible()
    phone.get_by_role("link", name="Say how it went").click()
    expect(phone.get_by_role("heading", name="How did it go?")).to_be_visible()
    _sound(phone)
    phone.get_by_label("I did it, or some of it").check()
    phone.get_by_label("Say more if you like").fill("We spoke for an hour")
    phone.get_by_role("button", name="Keep").click()
    phone.goto(own + "journal/")
    phone.get_by_role("link", name="Delete").last.click()
    expect(phone.get_by_role("heading", name="Delete this?")).to_be_visible()
    _sound(phone)
    phone.get_by_role("button", name="Delete").click()
    expect(phone.get_by_text("For me alone")).to_have_count(0)


def test_from_preparation_to_integration(
    page: Page, night: BrowserContext, live_server: LiveServer, robin: Patient, theo: StaffMember
) -> None:
    desk = _as(page.context, live_server, cast.signed_in(theo))
    phone = _as(night, live_server, _in_care(robin))
    therapy, own = f"{live_server.url}/patients/{robin.pk}/therapy/", f"{live_server.url}/me/"
    _booked(robin, theo)
    _prepares(desk, therapy)
    _readies(phone, own)
    _is_told(desk, live_server, robin)
    dosed(robin, timezone.now() - timedelta(hours=30))
    _integrates(desk, therapy)
    _answers(phone, own)
    desk.goto(therapy)
    expect(desk.get_by_text("We spoke for an hour")).to_be_visible()
    assert faults(desk) == []


def _offered(person: Patient, by: StaffMember) -> Story:
    """A story of a session that is over."""
    session = person.sessions.get()
    told = {"text": "You saw a house by the sea.", "by": by.user, "at": timezone.now()}
    return offer_story(session=session, **told)


def _incident(person: Patient, asker: StaffMember) -> Incident:
    dose = dosed(person, timezone.now() - timedelta(hours=30))
    asked = TouchAsked(patient=person, session_id=dose.session_id, concern=True, words="Too long")
    touching.record_asked(asked=asked, by=asker.user, at=timezone.now())
    return Incident.objects.get()


def test_the_other_pages_of_therapy_are_sound(
    page: Page, night: BrowserContext, live_server: LiveServer, robin: Patient, theo: StaffMember
) -> None:
    """Who reviews, recovers, moves or tells must be able to read the page by ear."""
    _booked(robin, theo)
    story = _offered(robin, theo)
    director = cast.treats(cast.staff(Role.MEDICAL_DIRECTOR, "Dora Director"), robin)
    apart = cast.staff(Role.NURSE, "Ada Apart")
    incident = _incident(robin, director)
    name_reviewer(incident=incident, to=apart, by=director.user, at=timezone.now())
    about, session = f"patients/{robin.pk}/", f"sessions/{story.session_id}/"
    reviewed = f"{about}therapy/incidents/{incident.pk}/"
    whose = {
        director: (f"{about}{session}move/", f"{about}{session}story/", f"{about}visit/RDY-03/",
                   f"{about}therapy/", f"{reviewed}reviewer/", "private-notes/recovery/", "today/"),
        apart: (reviewed, "today/"),
    }  # fmt: skip
    for member, addresses in whose.items():
        desk = _as(page.context, live_server, cast.signed_in(member))
        for address in addresses:
            answer = desk.goto(f"{live_server.url}/{address}")
            assert answer is not None and answer.status == 200, address
            assert faults(desk) == [], address
    phone = _as(night, live_server, _in_care(robin))
    phone.goto(f"{live_server.url}/me/stories/")
    expect(phone.get_by_text("house by the sea")).to_have_count(0)
    phone.get_by_role("main").get_by_role("link").first.click()
    expect(phone.get_by_text("house by the sea")).to_be_visible()
    _sound(phone)
