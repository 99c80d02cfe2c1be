"""A nurse looks at a calm page while no alert goes out: the page itself must say so, in red.

The faults are done to real clinics of their own, all at once, with a real browser on each.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from clinic.people.roles import Role
from clinic.site.seeds import staff
from tests.faults.clinics import RunningClinic, with_tables

pytestmark = pytest.mark.fault

SHOWN_WITHIN_S = 30
FAULTS = ("kill", "freeze", "raise", "gone")  # gone: the whole server, as by a pulled plug
SAID = dict.fromkeys(FAULTS, "Alerts are not being delivered. Phone.")
SAID["gone"] = "This page has lost the clinic."


@dataclass
class PlainClinic(RunningClinic):
    """Over plain http, with the demo's staff."""

    def environment(self) -> dict[str, str]:
        """What its process sees."""
        return super().environment() | {"CLINIC_DEMO": "1"}


Open = dict[str, tuple[PlainClinic, Page]]


@pytest.fixture
def opened(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Open]:
    """A calm page of a clinic that is well, one a fault."""
    found: Open = {}
    with ExitStack() as stack:
        for word in FAULTS:
            clinic = PlainClinic(with_tables(tmp_path_factory.mktemp(word)))
            stack.enter_context(clinic).start()
            found[word] = (clinic, stack.enter_context(browser.new_page()))
        for clinic, page in found.values():
            clinic.wait_for(200, within_s=30)
            _sign_in(page, clinic)
            expect(page.locator("#loop-line")).to_be_hidden()
        yield found


def _sign_in(page: Page, clinic: PlainClinic) -> None:
    nurse = next(one for one in staff.STAFF if one.role is Role.NURSE)
    page.goto(f"http://localhost:{clinic.port()}/account/login/")
    page.get_by_role("button", name=nurse.name).click()
    page.wait_for_url("**/today/")


@pytest.mark.hazard(24)
def test_a_page_that_stays_open_turns_red_within_half_a_minute(opened: Open) -> None:
    for word, (clinic, _) in opened.items():
        if word == "gone":
            clinic.process.kill()
        else:
            clinic.order(word)
    end = time.monotonic() + SHOWN_WITHIN_S
    for word, (_, page) in opened.items():
        line = page.locator("#lost-line" if word == "gone" else "#loop-line")
        left_ms = max(1.0, (end - time.monotonic()) * 1000)
        expect(line, word).to_contain_text(SAID[word], timeout=left_ms)
        expect(line).to_be_visible()
