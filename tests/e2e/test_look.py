"""The look in a real browser: readable, reachable by keyboard, whole at any width and zoom."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from clinic.people.roles import Role
from tests.clinic import cast
from tests.e2e.axe import faults

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=["light", "dark"])
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page in one colour scheme. What the browser complains of fails the test."""
    context = browser.new_context(
        color_scheme=request.param, viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    yield page
    context.close()
    assert complaints == []


def _sign_in(page: Page, server: LiveServer, role: Role) -> None:
    client = cast.signed_in(cast.staff(role))
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": server.url}
    page.context.add_cookies([cookie])


@pytest.mark.parametrize("address", ["/account/login/", "/design/", "/design/?phone", "/nothing/"])
def test_open_pages_have_no_fault_that_axe_knows(
    screen: Page, live_server: LiveServer, address: str
) -> None:
    screen.goto(live_server.url + address)
    assert faults(screen) == []


def test_people_pages_have_no_fault_that_axe_knows(screen: Page, live_server: LiveServer) -> None:
    one = cast.patient("Maria", "Lopez", safe_contact="Text only")
    cast.patient("Maria", "Lopez", preferred_name="Mia", birth_date="1980-05-18")
    _sign_in(screen, live_server, Role.FRONT_DESK)
    for path in ("", "new/", f"{one.pk}/", f"{one.pk}/edit/"):
        screen.goto(f"{live_server.url}/patients/{path}")
        assert faults(screen) == []


@pytest.mark.parametrize("width", [320, 390, 640, 1280])
def test_no_page_scrolls_sideways_at_phone_width_or_at_400_percent(
    page: Page, live_server: LiveServer, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for address in ("/design/", "/design/?phone", "/account/login/"):
        page.goto(live_server.url + address)
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), address


def test_what_is_pressed_on_the_phone_is_at_least_48_px_high(
    page: Page, live_server: LiveServer
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(live_server.url + "/design/?phone")
    targets = page.locator("main .button, main .choices label, .foot .button").all()
    assert len(targets) >= 6
    for target in targets:
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 48


def test_the_keyboard_alone_reaches_everything_and_focus_is_seen(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(live_server.url + "/account/login/")
    page.evaluate("document.activeElement.blur()")
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        reached.append(
            page.evaluate(
                "document.activeElement.textContent.trim() || document.activeElement.name"
            )
        )
        assert ring == "solid", reached
    assert reached[0] == "Skip to the page"
    assert {"Sign in with a passkey", "login", "password"} <= set(reached)


def test_a_search_as_you_type_finds_and_keeps_the_name_out_of_the_address(
    page: Page, live_server: LiveServer
) -> None:
    cast.patient("Maria", "Lopez")
    cast.patient("Owen", "Reed")
    _sign_in(page, live_server, Role.FRONT_DESK)
    page.goto(live_server.url + "/patients/")
    page.get_by_label("Find a person").press_sequentially("lop")
    expect(page.get_by_role("status").last).to_have_text("1 found")
    expect(page.get_by_role("link", name="Lopez, Maria")).to_be_visible()
    assert "lop" not in page.url


def test_a_page_that_lost_the_clinic_says_so(page: Page, live_server: LiveServer) -> None:
    _sign_in(page, live_server, Role.FRONT_DESK)
    page.goto(live_server.url + "/patients/")
    page.route("**/patients/", lambda route: route.abort())
    page.get_by_label("Find a person").press_sequentially("lop")
    expect(page.locator("#lost-line")).to_contain_text("lost the clinic")


def test_a_dialog_opens_and_closes_by_keyboard(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/design/")
    page.get_by_role("button", name="Ask first").press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Go on").press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
