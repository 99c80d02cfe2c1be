"""One answer that reaches a person, as a patient with a phone and a nurse at a desk walk it."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from clinic.alerts import beats
from clinic.people.models import Patient
from clinic.people.roles import Role
from tests.clinic import cast
from tests.e2e.axe import faults

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 900}
Two = tuple[Page, Page]


@pytest.fixture(params=["light", "dark"])
def two(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[Two]:
    """A phone, and a desk where a prescriber on call is signed in."""
    contexts = [
        browser.new_context(color_scheme=request.param, viewport=size) for size in (PHONE, DESK)
    ]
    phone, desk = (context.new_page() for context in contexts)
    complaints: list[str] = []
    for page in (phone, desk):
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
        )
    member = cast.staff(Role.PRESCRIBER, "Theo Here")
    cast.on_call(member)
    name = settings.SESSION_COOKIE_NAME
    key = cast.signed_in(member).cookies[name].value
    desk.context.add_cookies([{"name": name, "value": key, "url": live_server.url}])
    yield phone, desk
    for context in contexts:
        context.close()
    assert complaints == []


def _sound(page: Page) -> None:
    """Nothing that axe knows, nothing cut off at the side."""
    assert faults(page) == []
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")


def _ask(desk: Page, robin: Patient, address: str) -> str:
    desk.goto(f"{address}/patients/{robin.pk}/chart/")
    _sound(desk)
    desk.get_by_role("link", name="Ask for a questionnaire").click()
    _sound(desk)
    desk.get_by_label("Questionnaire").select_option(label="PHQ-9")
    desk.get_by_role("button", name="Make the link").click()
    _sound(desk)
    return desk.get_by_label("Link").input_value()


def _answer_all(phone: Page, nine: str) -> None:
    """By keyboard alone: to the choice, press, to the button, press."""
    for number in range(1, 11):
        expect(phone.get_by_text(f"Question {number} of 10")).to_be_visible()
        if number in (1, 9):
            _sound(phone)
        said = nine if number == 9 else "Several days" if number < 9 else "Somewhat difficult"
        phone.get_by_role("radio", name=said).press("Space")
        phone.get_by_role("button", name="Next").press("Enter")
    expect(phone.get_by_role("heading", name="Your answers")).to_be_visible()
    _sound(phone)


def test_a_dangerous_answer_becomes_a_closed_alert(two: Two, live_server: LiveServer) -> None:
    phone, desk = two
    robin = cast.patient(phone="+12025550101")
    link = _ask(desk, robin, live_server.url)
    phone.goto(link)
    _sound(phone)
    phone.get_by_label("Your date of birth").fill("1990-01-01")
    phone.get_by_role("button", name="Continue").click()
    expect(phone.get_by_role("alert").last).to_contain_text("does not match")
    _sound(phone)
    phone.get_by_label("Your date of birth").fill(robin.birth_date.isoformat())
    phone.get_by_role("button", name="Continue").click()
    _answer_all(phone, "More than half the days")
    phone.get_by_role("button", name="Send to the clinic").click()
    expect(phone.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    expect(phone.get_by_role("link", name="Call 988")).to_be_visible()
    _sound(phone)
    phone.get_by_role("button", name="Call me now").click()
    expect(phone.get_by_text("Keep your phone near")).to_be_visible()
    _sound(phone)
    _seen_and_closed(desk, live_server.url)
    desk.goto(f"{live_server.url}/patients/{robin.pk}/chart/")
    expect(desk.get_by_text("Latest: 10 of 27, moderate")).to_be_visible()
    _sound(desk)
    desk.set_viewport_size({"width": 640, "height": 450})  # the desk at 200 %
    _sound(desk)


def _seen_and_closed(desk: Page, address: str) -> None:
    """From Today to the alert's outcome."""
    beats.record_success("deliver alerts", at=timezone.now())
    desk.goto(f"{address}/today/")
    expect(desk.locator("#loop-line")).to_be_hidden()
    expect(desk.locator("#inbox .alert")).to_have_count(2)  # help, and the answer once
    _sound(desk)
    desk.locator("#inbox .alert", has_text="Asked for help now").get_by_role("link").click()
    _sound(desk)
    desk.get_by_role("button", name="I have seen it").click()
    desk.get_by_label("Tried to reach the person").check()
    desk.get_by_label("How you tried").select_option("phone")
    desk.get_by_label("What came of it").select_option("spoke")
    desk.get_by_role("button", name="Add", exact=True).click()
    desk.get_by_role("textbox", name="Outcome").fill(
        "Spoke with Robin: safe tonight, seen tomorrow."
    )
    desk.get_by_role("button", name="Close this alert").click()
    expect(desk.get_by_text("This alert is closed")).to_be_visible()
    _sound(desk)


def test_a_calm_answer_is_thanked_for_and_a_sheet_is_entered_and_corrected(
    two: Two, live_server: LiveServer
) -> None:
    phone, desk = two
    robin = cast.patient()
    phone.goto(_ask(desk, robin, live_server.url))
    phone.get_by_label("Your date of birth").fill(robin.birth_date.isoformat())
    phone.get_by_role("button", name="Continue").click()
    _answer_all(phone, "Not at all")
    phone.get_by_role("button", name="Send to the clinic").click()
    expect(phone.get_by_text("Your answers reached the clinic")).to_be_visible()
    _sound(phone)
    phone.go_back()
    expect(phone.get_by_role("heading", name="Thank you. This was sent.")).to_be_visible()

    desk.goto(f"{live_server.url}/patients/{robin.pk}/questionnaires/gad7/")
    desk.get_by_label("Answered at").fill("2026-03-01T10:00")
    for number in range(1, 8):
        desk.locator(f"input[name=q{number}][value='1']").check()
    desk.locator("input[name=difficulty][value='skip']").check()
    _sound(desk)
    desk.get_by_role("button", name="Save and score").click()
    expect(desk.get_by_role("heading", name="GAD-7, 7 of 21")).to_be_visible()
    _sound(desk)
    desk.get_by_role("link", name="Correct this entry").click()
    desk.locator("input[name=q1][value='3']").check()
    desk.get_by_label("Why is it corrected?").fill("Read from the wrong line")
    _sound(desk)
    desk.get_by_role("button", name="Save the correction").click()
    expect(desk.get_by_role("heading", name="GAD-7, 9 of 21")).to_be_visible()
    desk.get_by_role("link", name="Entered").first.click()
    expect(desk.get_by_text("This entry was corrected.")).to_be_visible()
    _sound(desk)
