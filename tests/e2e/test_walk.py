"""The same way as tests/clinic/test_walk.py, in a browser: each role at a screen of their own."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from clinic.alerts import beats
from clinic.people.models import StaffMember
from tests.clinic import cast, test_walk
from tests.clinic.cast import NOON
from tests.e2e.axe import violations

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


# Which kinds of element stand where on a page, however often: lists of two and of ten are alike.
MAKE = """() => {
  const kind = e => [e.tagName, e.className, ...[...e.attributes].map(a => a.name)].join(" ")
  const way = e => e ? way(e.parentElement) + ">" + kind(e) : ""
  return [...new Set([...document.querySelectorAll("*")].map(way))].sort().join()
}"""


class Screen:
    """What `tests.clinic.desk.Desk` does, pressed in Chromium."""

    looked_at: ClassVar[set[str]] = set()

    def __init__(self, member: StaffMember, browser: Browser, address: str) -> None:
        self.member, self.address = member, address
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.sign_in()

    def sign_in(self) -> "Screen":
        """In the morning of a day."""
        name = settings.SESSION_COOKIE_NAME
        key = cast.signed_in(self.member).cookies[name].value
        self.page.context.add_cookies([{"name": name, "value": key, "url": self.address}])
        return self

    @property
    def url(self) -> str:
        return self.page.url

    @property
    def text(self) -> str:
        return " ".join((self.page.locator("body").text_content() or "").split())

    def open(self, path: str) -> "Screen":
        self.page.goto(self.address + path)
        return self

    def picture(self, name: str) -> "Screen":
        """A page that the README shows. `make pictures` asks for it; other runs take none.

        This server has no loop, and pages rightly say so in red: for the picture it beats once.
        """
        if folder := os.environ.get("CLINIC_PICTURES"):
            beats.expect(["a picture"], at=timezone.now())
            beats.record_success("a picture", at=timezone.now())
            expect(self.page.locator("#loop-line")).to_be_hidden(timeout=10_000)
            self.page.evaluate("scrollTo(0, 0)")
            self.page.screenshot(path=Path(folder) / f"{name}.png")
        return self

    def follow(self, words: str) -> "Screen":
        self.page.get_by_role("link", name=words).first.click()
        self.page.wait_for_load_state()
        return self.sound()

    def press(self, words: str, /, **fields: object) -> "Screen":
        found = self.page.locator("form").filter(has=self.page.locator("button", has_text=words))
        for name in fields:
            found = found.filter(has=self.page.locator(f"[name='{name.replace('__', '.')}']"))
        form = found.first
        for name, value in fields.items():
            _fill(form, name.replace("__", "."), value)
        return self._send(form.locator("button", has_text=words).first)

    def hears_alarm(self) -> "Screen":
        self.page.get_by_role("button", name="Try the alarm sound").click()
        self.page.get_by_role("button", name="I heard it").click()
        expect(self.page.get_by_text("Alarm sound heard on this screen")).to_be_visible()
        return self

    def tap(self, name: str, value: object) -> "Screen":
        return self._send(self.page.locator(f"button[name='{name}'][value='{value}']"))

    def _send(self, button: Locator) -> "Screen":
        button.evaluate("b => { for (let d = b; d; d = d.parentElement) d.open = true }")
        began = self.page.evaluate("performance.timeOrigin")
        with self.page.expect_response(_sent):
            button.click()
        if "/sessions/" not in self.url:  # the console sends in the background and stays
            self.page.wait_for_function(f"performance.timeOrigin !== {began!r}")
        self.page.wait_for_load_state()
        proof = self.page.locator("#proof-password")
        if proof.count() and self.page.get_by_role("heading", name="Prove it is you").count():
            proof.fill(cast.PASSWORD)
            self.page.get_by_role("button", name="Confirm and go on").click()
            self.page.wait_for_load_state()
        return self

    def says(self, *words: str) -> "Screen":
        # This server has no live streams: the console shows what is new when it is loaded again.
        if "/sessions/" in self.url:
            self.page.reload()
        for each in words:
            self.page.get_by_text(each).first.wait_for(state="attached")
        return self

    def value(self, field_id: str) -> str:
        return self.page.locator(f"#{field_id}").input_value()

    def names(self) -> list[str]:
        inputs = self.page.locator("input[name]").all()
        return [each.get_attribute("name") or "" for each in inputs]

    def buttons(self) -> list[str]:
        return [" ".join(each.split()) for each in self.page.locator("button").all_text_contents()]

    def sound(self) -> "Screen":
        """Nothing serious that axe knows. A make of page is looked at once, not each time."""
        make = self.page.evaluate(MAKE)
        if make in self.looked_at:
            return self
        self.looked_at.add(make)
        found = violations(self.page)
        grave = [each for each in found if each["impact"] in ("serious", "critical")]
        assert [(each["id"], each["nodes"][0]["html"]) for each in grave] == [], self.url
        return self


def _sent(answer: Response) -> bool:
    """What a person sent; the console also beats by itself, every few seconds."""
    return answer.request.method == "POST" and not answer.url.endswith("/beat/")


def _fill(form: Locator, name: str, value: object) -> None:
    field = form.locator(f"[name='{name}']")
    kind = field.first.evaluate("e => e.type")
    if kind == "radio":
        _choose(form.locator(f"[name='{name}'][value='{value}']"))
    elif kind == "checkbox" and isinstance(value, list):
        for each in value:
            form.locator(f"[name='{name}'][value='{each}']").check(force=True)
    elif kind == "checkbox":
        field.set_checked(bool(value), force=True)
    elif kind == "select-one":
        by_value = field.locator(f"option[value='{value}']").count() > 0
        field.select_option(**({"value": str(value)} if by_value else {"label": str(value)}))
    else:
        field.first.evaluate("e => { for (let d = e; d; d = d.parentElement) d.open = true }")
        field.first.fill(str(value))


def _choose(radio: Locator) -> None:
    """A page that is still being laid out can move under a press: it is pressed again."""
    for _ in range(3):
        radio.click(force=True)
        if radio.is_checked():
            return
    expect(radio).to_be_checked()


@pytest.fixture
def screens(
    browser: Browser, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, Screen]]:
    """One screen a role."""
    # The clock is moved by hours while everybody is at work.
    monkeypatch.setattr(settings, "CLINIC_IDLE_MIN", "600")
    with time_machine.travel(NOON, tick=True):
        members = test_walk.members()
        made = {key: Screen(who, browser, live_server.url) for key, who in members.items()}
        yield made
        for each in made.values():
            each.page.context.close()


def test_the_whole_way_in_a_browser(screens: dict[str, Screen]) -> None:
    with time_machine.travel(NOON, tick=True) as clock:
        test_walk.walk(screens, clock)
