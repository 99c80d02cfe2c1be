"""A tablet beside a chair whose network goes away, and the log of what a nurse typed on it.

The log is the test's own: what the page acknowledged, when it was typed and by whom. Nothing of it
is read back from the clinic.
"""

import json
import random
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, expect

from tests.faults.clinics import RunningClinic
from tests.line import Line

SOON_MS, ASKS_WITHIN_MS = 30_000, 5_000
# How many entries wait on this device.
WAITING = "async () => (await import('/static/dosing/outbox.js')).count()"
WAYS = ("cut", "killed", "swallowed")  # how the network goes away


@dataclass
class Typed:
    """One entry: what it says, when it was typed at the earliest and latest, by which nurse."""

    says: str
    nurse: int
    began: float
    ended: float = 0
    acknowledged: bool = False


@dataclass
class Tablet:
    """One device, one clinic of its own, and a nurse who goes on typing whatever happens."""

    clinic: RunningClinic
    place: dict[str, Any]
    browser: Browser
    chance: random.Random
    typed: list[Typed] = field(default_factory=list)
    did: dict[str, int] = field(default_factory=dict)
    nurse: int = 0
    line: Line = field(init=False)
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)
    pages: list[Page] = field(default_factory=list)

    @contextmanager
    def used(self) -> Iterator["Tablet"]:
        """With its console open, ready to lose the clinic."""
        self.clinic.start()
        with Line(self.clinic.port()) as self.line:
            self.context = self.browser.new_context()
            self.sign_in(0)
            self.open()
            yield self
            self.context.close()

    def sign_in(self, nurse: int) -> None:
        """Whoever signs in on it takes the place of the one before."""
        self.nurse = nurse
        cookie = self.place["cookies"][nurse]
        address = f"https://localhost:{self.line.port}"
        told = {"name": self.place["name"], "value": cookie, "url": address, "secure": True}
        self.context.add_cookies([told])  # type: ignore[list-item]  # as Playwright's own type says

    def open(self) -> None:
        """The console in a tab of its own, until it would go on alone."""
        self.page = self._tab()
        self._unlock()
        ready = self.page.locator("body[data-records][data-reopens]")
        expect(ready).to_be_attached(timeout=SOON_MS)
        self._claim()

    def _unlock(self) -> None:
        """Who is without the clinic for long is locked out by it, and says who they are."""
        body = self.page.locator("body")
        if "locked" in (body.get_attribute("class") or "").split():
            self.did["unlocked"] = self.did.get("unlocked", 0) + 1
            self.page.locator("#lock-secret").fill(self.place["password"])
            self.page.locator("#lock-secret").press("Enter")
            expect(body).not_to_have_class(re.compile(r"\blocked\b"), timeout=SOON_MS)

    def _claim(self) -> None:
        """What was typed on a locked screen waits for the word of who typed it."""
        if self.page.evaluate(WAITING):
            with suppress(Error):  # everything was typed on an open screen
                self.page.get_by_role("button", name="I typed these").click(timeout=ASKS_WITHIN_MS)
                self.did["claimed"] = self.did.get("claimed", 0) + 1

    def _tab(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(SOON_MS)
        self.pages.append(page)
        page.goto(f"http://localhost:{self.line.port}{self.place['path']}")
        return page

    # --- what happens to it -------------------------------------------------------------------

    def lose(self, way: str) -> None:
        """The clinic is gone for this device."""
        if way == "killed":
            self.clinic.stop(signal.SIGKILL)
        elif way == "swallowed":
            self.line.swallow()
        else:
            self.line.cut()

    def find(self, way: str) -> None:
        """It is back."""
        if way == "killed":
            self.clinic.start()
            self.line.to = self.clinic.port()
        self.line.mend()

    def act(self) -> None:
        """Something that happens beside a chair: mostly an entry, now and then to the tab."""
        acts: dict[str, tuple[float, Callable[[], None]]] = {
            "note": (4, self.note),
            "vitals": (4, self.vitals),
            "tap": (3, self.tap),
            "reload": (1, self.reload),
            "close": (0.7, self.close),
            "crash": (0.7, self.crash),
            "second tab": (0.6, self.second_tab),
            "half typed": (0.7, self.half_typed),
        }
        weights = [weight for weight, _ in acts.values()]
        name = self.chance.choices(list(acts), weights)[0]
        self.did[name] = self.did.get(name, 0) + 1
        self.page = self.chance.choice(self.pages)
        self.page.bring_to_front()
        acts[name][1]()

    def reload(self) -> None:
        self.page.reload(wait_until="domcontentloaded")

    def close(self) -> None:
        self.page.close()
        self.pages.remove(self.page)
        if not self.pages:
            self._tab()

    def crash(self) -> None:
        """The tab is killed, as by a device that is short of memory."""
        with suppress(Error):  # nobody is left to answer
            self.page.goto("chrome://crash", timeout=2_000)
        self.close()

    def second_tab(self) -> None:
        if len(self.pages) < 3:
            self._tab()

    def half_typed(self) -> None:
        """Sent, and the tab is killed in the same moment: taken once, or not at all."""
        entry = self._entry()
        self._fill_note(entry.says).evaluate(
            "form => void setTimeout(() => form.requestSubmit(), 0)"
        )
        time.sleep(self.chance.uniform(0, 0.03))
        self.crash()
        entry.ended = time.time()

    # --- what is typed on it -------------------------------------------------------------------

    def _entry(self) -> Typed:
        entry = Typed(f"entry {len(self.typed)}", self.nurse, time.time())
        self.typed.append(entry)
        return entry

    def _sent(self, entry: Typed, form: Locator, press: Callable[[], None]) -> None:
        form.evaluate("form => form.querySelector('.told')?.remove()")
        entry.began = time.time()
        press()
        told = form.locator(".told")
        try:
            told.wait_for(timeout=SOON_MS)
            said = told.inner_text()
            entry.acknowledged = said.startswith(("Kept on this device", "Charted as line"))
            assert entry.acknowledged, said
        except Error as error:
            # The page was replaced by the console under the nurse's hands: nothing was said.
            if "closed" not in str(error) and "detached" not in str(error):
                self.did["unheard"] = self.did.get("unheard", 0) + 1
        entry.ended = time.time()

    def _fill_note(self, says: str) -> Locator:
        form = self.page.locator("form[data-outbox=note]")
        form.locator("textarea").fill(says)
        return form

    def note(self) -> None:
        entry = self._entry()
        form = self._fill_note(entry.says)
        self._sent(entry, form, form.get_by_role("button").click)

    def tap(self) -> None:
        entry = self._entry()
        form = self.page.locator("form.tap-group").first
        form.locator("input.box").fill(entry.says)
        self._sent(entry, form, form.locator("button.tap").first.click)

    def vitals(self) -> None:
        entry = self._entry()
        number = len(self.typed) - 1
        # A pulse and a systolic that no other entry has.
        entry.says = f"{60 + number % 40}/{100 + number // 40}"
        form = self.page.locator("form.chart-form")
        form.locator("[name=hr]").fill(str(60 + number % 40))
        form.locator("[name=sbp]").fill(str(100 + number // 40))
        form.locator("[name=dbp]").fill("60")
        self._sent(entry, form, form.get_by_role("button").click)

    # --- afterwards -----------------------------------------------------------------------------

    def one_tab(self) -> None:
        """Close all, and look at the console anew."""
        for page in self.pages:
            page.close()
        self.pages.clear()
        self.open()

    def drained(self) -> None:
        """Nothing waits any more."""
        expect(self.page.locator("#outbox")).to_be_hidden(timeout=2 * SOON_MS)
        end = time.monotonic() + SOON_MS / 1000
        while self.page.evaluate(WAITING) and time.monotonic() < end:
            time.sleep(0.2)
        assert self.page.evaluate(WAITING) == 0, self.page.evaluate(
            "async () => JSON.stringify([document.getElementById('live-line').textContent,"
            " document.getElementById('outbox').textContent, document.body.className,"
            " await navigator.locks.query(),"
            " await (await import('/static/dosing/outbox.js')).all()], null, 1)"
        )


def read(home: Path) -> list[tuple[str, str, float, int, int]]:
    """What the database holds: kind, what it says, when it was true, number, by whom."""
    import sqlite3
    from datetime import datetime

    base = sqlite3.connect(home / "clinic.sqlite3")
    rows = base.execute(
        "SELECT kind, body, note, observed_at, number, by_id FROM dosing_sessionevent"
    ).fetchall()
    base.close()
    found = []
    for kind, body, note, observed, number, by in rows:
        values = json.loads(body)
        says = f"{values['hr']}/{values['sbp']}" if kind == "vitals" else note.rpartition(": ")[2]
        at = datetime.fromisoformat(observed + "+00:00").timestamp()
        found.append((kind, says, at, number, by))
    return found
