"""A tab that sleeps cannot raise an alarm: nobody would know that a person is not watched.

A truly frozen page runs nothing and hears nothing. So it is the clinic that must miss it, and say
so on every other screen and up the ladder.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faults.clinics import with_tables
from tests.faults.raw_browser import RawBrowser, Tab, raw_browser
from tests.faults.ward import Ward

pytestmark = [pytest.mark.fault, pytest.mark.alone]

FOUND_WITHIN_S = 10
AT_ONCE = 10  # frozen in one round, each a screen of another nurse
# When each name first stood among the lost consoles, by the clock that every process here shares.
WATCH = """() => {
  window.firstSeen = {}
  const look = () => {
    for (const each of document.querySelectorAll(".lost-console span[data-named]"))
      window.firstSeen[each.textContent.trim()] ??= Date.now()
  }
  new MutationObserver(look).observe(document.getElementById("panel"), {childList: true})
}"""
COUNT_TIMERS = "window.ran = 0; setInterval(() => { window.ran += 1 }, 100)"
STILL_OPEN = "SELECT count(*) FROM dosing_consolebeat WHERE left_at IS NULL"
IS_LIVE = "document.getElementById('live-line')?.textContent.startsWith('Live')"


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """One session that many nurses may watch."""
    with Ward(with_tables(tmp_path)) as ward:
        ward.fill(sessions=1, nurses=AT_ONCE + 1)
        ward.start()
        ward.wait_for(200, within_s=30)
        yield ward


@pytest.fixture
def sleeping(tmp_path: Path) -> Iterator[RawBrowser]:
    """The browser whose tabs are frozen."""
    with raw_browser(tmp_path / "profile") as browser:
        yield browser


@pytest.fixture
def awake(ward: Ward, browser: Browser) -> Iterator[Page]:
    """The screen of somebody else, which stays awake."""
    context = browser.new_context()
    context.add_cookies([ward.cookie(AT_ONCE)])  # type: ignore[list-item]  # a cookie's own keys
    page = context.new_page()
    page.goto(ward.address + ward.sessions[0]["path"])
    expect(page.locator("#live-line")).to_contain_text("Live")
    page.evaluate(WATCH)
    yield page
    context.close()


def _open(ward: Ward, sleeping: RawBrowser, nurse: int) -> Tab:
    tab = sleeping.open(ward.address + ward.sessions[0]["path"], ward.cookie(nurse))
    tab.wait_for(IS_LIVE)
    tab.run(COUNT_TIMERS)
    return tab


def _freeze(tabs: list[Tab]) -> tuple[list[float], list[int]]:
    """Freeze each; when, and how often its timer had run by then."""
    frozen_at, ran = [], []
    for tab in tabs:
        tab.hide()
        frozen_at.append(time.time())
        tab.freeze()
    time.sleep(0.5)  # a freeze takes hold within moments
    for tab in tabs:
        assert tab.run("document.visibilityState") == "hidden"
        ran.append(tab.run("window.ran"))
    return frozen_at, ran


def _until(found: Callable[[], bool], deadline: float) -> None:
    while not found() and time.time() < deadline:
        time.sleep(0.1)


def _told(ward: Ward) -> dict[str, float]:
    """When the ladder was told of each nurse's silent screen, and somebody was to be reached."""
    found = ward.rows(
        "SELECT u.name, a.raised_at FROM alerts_alert a "
        "JOIN alerts_delivery d ON d.alert_id = a.id "
        "JOIN dosing_consolebeat c ON a.code LIKE 'console.' || c.id || '.%' "
        "JOIN people_user u ON u.id = c.user_id WHERE c.left_at IS NULL"
    )
    return {name: _seconds(at) for name, at in found}


def _seconds(at: str) -> float:
    from datetime import UTC, datetime

    return datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()


def _round(ward: Ward, sleeping: RawBrowser, awake: Page, count: int) -> list[float]:
    """Freeze so many screens; after how many seconds each was found, on both ways."""
    names = ward.told["names"]
    awake.evaluate("window.firstSeen = {}")
    tabs = [_open(ward, sleeping, nurse) for nurse in range(count)]
    frozen_at, ran = _freeze(tabs)
    deadline = max(frozen_at) + FOUND_WITHIN_S + 5
    screens = [f"A screen of {names[nurse]}" for nurse in range(count)]

    def all_found() -> bool:
        awake.wait_for_timeout(50)
        return awake.evaluate("Object.keys(firstSeen).length") >= count

    _until(all_found, deadline)
    _until(lambda: len(_told(ward)) >= count, deadline)
    seen, told = awake.evaluate("window.firstSeen"), _told(ward)
    assert [tab.run("window.ran") for tab in tabs] == ran, "a page ran on: nothing was frozen"
    took = [seen[screen] / 1000 - at for screen, at in zip(screens, frozen_at, strict=True)]
    took += [told[names[nurse]] - at for nurse, at in enumerate(frozen_at)]
    for tab in tabs:
        tab.resume()
    expect(awake.locator(".lost-console")).to_have_count(0, timeout=10_000)
    for tab in tabs:
        tab.close()
    _until(lambda: ward.rows(STILL_OPEN)[0][0] == 1, time.time() + 5)
    return took


@pytest.mark.hazard(6)
@pytest.mark.hazard(7)
@pytest.mark.counts(small=3, middle=20, full=100)
def test_a_frozen_console_is_missed_elsewhere_within_ten_seconds(
    ward: Ward,
    sleeping: RawBrowser,
    awake: Page,
    fault_count: int,
    record_property: Callable[[str, object], None],
) -> None:
    took: list[float] = []
    while len(took) < 2 * fault_count:
        left = fault_count - len(took) // 2
        took += _round(ward, sleeping, awake, min(left, AT_ONCE))
    shown = f"{fault_count} frozen, found on a screen and on the ladder after at most "
    record_property("shown", f"{shown}{max(took):.1f} s (bound {FOUND_WITHIN_S} s).")
    assert max(took) <= FOUND_WITHIN_S
