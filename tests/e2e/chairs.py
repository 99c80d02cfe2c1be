"""Somebody's own screen beside a session, and what they do there by what it says."""

from collections.abc import Iterator
from typing import Any, Literal

from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from clinic.people.models import StaffMember
from tests.clinic import cast
from tests.e2e.axe import faults
from tests.e2e.whole import laid_out

SOON_MS = 15_000
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# When the words were first on the screen, by the clock that every browser here shares.
WATCH = """words => {
  const told = document.documentElement.dataset, panel = document.getElementById("panel")
  const look = () => {
    if (!told.firstSeen && panel.innerText.includes(words)) told.firstSeen = Date.now()
  }
  new MutationObserver(look).observe(panel, {childList: true, subtree: true})
}"""


class Chair:
    """One person, one device."""

    def __init__(self, member: StaffMember, browser: Browser, address: str, **device: Any) -> None:
        self.member, self.address = member, address
        self.has_touch = bool(device.get("has_touch"))
        context = browser.new_context(**device)
        self.page: Page = context.new_page()
        self.page.set_default_timeout(SOON_MS)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.sign_in()

    def sign_in(self) -> None:
        """In the morning, or hours later."""
        name = settings.SESSION_COOKIE_NAME
        key = cast.signed_in(self.member).cookies[name].value
        self.page.context.add_cookies([{"name": name, "value": key, "url": self.address}])

    @property
    def panel(self) -> Locator:
        return self.page.locator("#panel")

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def card(self, heading: str) -> Locator:
        """A part of the console by its heading."""
        return self.page.get_by_role("region", name=heading, exact=True)

    def press(self, button: str, within: Locator | None = None) -> None:
        """By a finger where the device has none but fingers."""
        found = (within or self.page).get_by_role("button", name=button).first
        if self.has_touch:
            found.tap()
        else:
            found.click()

    def send(self, button: str, within: Locator | None = None) -> None:
        """Press what leads to a page anew."""
        with self.page.expect_event("domcontentloaded"):
            self.press(button, within)
        self.page.wait_for_load_state()

    def charted(self, within: Locator) -> None:
        """It stands on the line."""
        expect(within.locator(".told").last).to_contain_text("Charted as line")

    def fill(self, within: Locator, **said: object) -> None:
        """By the words beside each field."""
        for label, value in said.items():
            field = within.get_by_label(label.replace("_", " ")).filter(visible=True).first
            field.fill(str(value))

    def watch(self, words: str) -> None:
        """Note when these words come on the screen."""
        self.page.evaluate(WATCH, words)

    def first_seen_ms(self) -> int:
        root = self.page.locator("html[data-first-seen]")
        expect(root).to_be_attached(timeout=SOON_MS)
        return int(root.get_attribute("data-first-seen") or 0)

    def sound(self, *, twice: bool = True) -> None:
        """No fault that axe knows, in light and in dark; whole at its own size and at twice it."""
        assert list(self._faults(twice)) == [], self.page.url

    def _faults(self, twice: bool) -> Iterator[object]:
        for scheme in SCHEMES:
            self.page.emulate_media(color_scheme=scheme)
            yield from ((scheme, fault) for fault in faults(self.page))
        self.page.emulate_media(color_scheme="null")
        yield from laid_out(self.page)
        size = self.page.viewport_size
        if twice and size:
            half = ViewportSize(width=size["width"] // 2, height=size["height"] // 2)
            self.page.set_viewport_size(half)
            yield from ((half, fault) for fault in laid_out(self.page))
            self.page.set_viewport_size(size)
