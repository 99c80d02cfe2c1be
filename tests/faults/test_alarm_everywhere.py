"""An A3 that one screen shows late, or shows and does not sound, is an A3 that nobody acts on.

Twenty real pages watch ten sessions, and within two seconds every session alarms. What a page plays
is measured in its own audio graph, beside the way to the loudspeaker, and not asked of its script.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faults.clinics import with_tables
from tests.faults.ward import Ward

pytestmark = [pytest.mark.fault, pytest.mark.alone]

SESSIONS, SCREENS_EACH = 10, 2
ON_EVERY_SCREEN_WITHIN_S = 2
CLIMBS_AFTER_S, CLIMBS_BY_S = 30, 33
QUIET_S = 3  # a tone a second: after so long without one a page is silent
SECOND_AFTER_S = 9
SPREAD_S = 2
LOUD = 0.05  # of 1; the page's own tone is at 1
# What goes to the loudspeaker also goes through an analyser, which keeps its last 0.7 s: a page
# that is busy drawing looks late, and still finds when it was loud. heard: each 50 ms that were
# loud; seen: when each alarm first stood on the page. Both by the clock that all processes share.
PROBE = f"""
window.heard = []; window.seen = {{}}
const connect = AudioNode.prototype.connect
const probes = new Map()
AudioNode.prototype.connect = function (to, ...more) {{
  if (to === this.context.destination) {{
    const probe = probes.get(this.context) ?? new AnalyserNode(this.context, {{fftSize: 32768}})
    probes.set(this.context, probe)
    connect.call(this, probe)
  }}
  return connect.call(this, to, ...more)
}}
const wave = new Float32Array(32768)
let looked = Date.now()
setInterval(() => {{
  const now = Date.now(), found = []
  for (const [context, probe] of probes) {{
    if (context.state !== "running") continue
    probe.getFloatTimeDomainData(wave)
    const size = context.sampleRate / 20
    for (let end = wave.length; end >= size; end -= size) {{
      const at = now - (wave.length - end) / size * 50
      if (at <= looked) break
      if (wave.subarray(end - size, end).some((each) => Math.abs(each) > {LOUD})) found.unshift(at)
    }}
  }}
  heard.push(...found)
  looked = now
}}, 300)
document.addEventListener("DOMContentLoaded", () => {{
  const panel = document.getElementById("panel")
  const look = () => {{
    for (const each of panel.querySelectorAll("article[data-tier=A3]"))
      seen[each.dataset.alarm] ??= Date.now()
  }}
  new MutationObserver(look).observe(panel, {{childList: true}})
}})
"""


@dataclass(frozen=True)
class Raised:
    """One alarm of one session."""

    id: str
    session: str
    at: float
    climbed_at: float | None


@dataclass
class Hall:
    """The clinic and its open pages, by session."""

    ward: Ward
    pages: dict[str, list[Page]]
    answered_s: list[float] = field(default_factory=list)

    def every_page(self) -> list[Page]:
        """All of them."""
        return [page for pages in self.pages.values() for page in pages]

    def at_once(self, path: str, entry: dict[str, str], within_s: float = 0) -> None:
        """The same entry into every session, all in one moment or spread over some."""

        def send(number: int) -> None:
            time.sleep(random.uniform(0, within_s))
            told = entry | {"event_id": str(uuid4())}
            sent = time.monotonic()
            answers.append(self.ward.post(number, 0, path, told)[0])
            self.answered_s.append(time.monotonic() - sent)

        answers: list[int] = []
        senders = [Thread(target=send, args=(number,)) for number in range(SESSIONS)]
        for each in senders:
            each.start()
        for each in senders:
            each.join(20)
        assert answers == [200] * SESSIONS

    def wait(self, until: float) -> None:
        """Let the pages run until this moment."""
        while (left := until - time.time()) > 0:
            self.every_page()[0].wait_for_timeout(min(left, 0.5) * 1000)

    def raised(self, since: float) -> list[Raised]:
        """The A3 raised since then."""
        found = self.ward.rows(
            "SELECT r.id, r.session_id, r.raised_at, min(d.made_at) FROM dosing_raisedalarm r "
            "LEFT JOIN alerts_delivery d ON d.alert_id = r.alert_id AND d.rung = 'backup' "
            "WHERE r.tier = 'A3' GROUP BY r.id"
        )
        return [
            Raised(_dashed(alarm), _dashed(session), _seconds(at), climbed and _seconds(climbed))
            for alarm, session, at, climbed in found
            if _seconds(at) > since
        ]


def _dashed(written: str) -> str:
    from uuid import UUID

    return str(UUID(written))


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()


@pytest.fixture
def hall(tmp_path: Path, browser: Browser) -> Iterator[Hall]:
    """Every session on two screens, each of which may sound."""
    with ExitStack() as stack:
        ward = stack.enter_context(Ward(with_tables(tmp_path)))
        ward.fill(SESSIONS, SESSIONS * SCREENS_EACH)
        ward.start()
        ward.wait_for(200, within_s=30)
        pages: dict[str, list[Page]] = {}
        for number in range(SESSIONS * SCREENS_EACH):
            session = ward.sessions[number % SESSIONS]
            context = stack.enter_context(browser.new_context())
            context.add_cookies([ward.cookie(number)])  # type: ignore[list-item]  # its own keys
            page = context.new_page()
            page.add_init_script(PROBE)
            page.goto(ward.address + session["path"], wait_until="commit")
            pages.setdefault(session["id"], []).append(page)
        hall = Hall(ward, pages)
        for page in hall.every_page():
            expect(page.locator("#live-line")).to_contain_text("Live", timeout=30_000)
            page.get_by_role("button", name="Try the alarm sound").click()
        yield hall


@dataclass(frozen=True)
class Took:
    """Of one alarm on one screen: after how long it was seen, and heard."""

    at: float
    seen_s: float
    heard_s: float

    def late(self) -> bool:
        """Whether somebody at this screen had to wait."""
        return max(self.seen_s, self.heard_s) > ON_EVERY_SCREEN_WITHIN_S


@contextmanager
def stood_still() -> Iterator[list[tuple[float, float]]]:
    """When this process was not let run for half a second or more, and for how long (s).

    It excuses nothing: it tells a machine that stood still from a clinic that did.
    """
    over = Event()
    gaps: list[tuple[float, float]] = []

    def look() -> None:
        before = time.time()
        while not over.wait(0.05):
            now = time.time()
            if now - before > 0.5:
                gaps.append((round(now, 2), round(now - before, 2)))
            before = now

    watcher = Thread(target=look, daemon=True)
    watcher.start()
    yield gaps
    over.set()
    watcher.join()


def _wave(hall: Hall) -> list[Took]:
    """Two alarms a session, the second into a pause of the first one's sound."""
    calm_since = time.time()
    hall.wait(calm_since + QUIET_S)
    first_at = time.time()
    hall.at_once("chart/", {"kind": "vitals", "spo2": "84"}, SPREAD_S)
    hall.wait(first_at + SECOND_AFTER_S - QUIET_S - 1)
    paused_at = time.time()
    hall.at_once("alarms/pause/", {})
    hall.wait(first_at + SECOND_AFTER_S)
    second_at = time.time()
    hall.at_once("chart/", {"kind": "vitals", "rr": "6"}, SPREAD_S)
    hall.wait(second_at + SPREAD_S + CLIMBS_BY_S + 1)
    raised = hall.raised(first_at)
    assert len(raised) == 2 * SESSIONS, "an alarm was doubled, or never raised"
    took = []
    for one in raised:
        assert one.climbed_at is not None
        assert CLIMBS_AFTER_S <= one.climbed_at - one.at <= CLIMBS_BY_S
        for page in hall.pages[one.session]:
            seen, heard = page.evaluate("[seen, heard]")
            heard_s = _next(heard, one.at) - one.at
            took.append(Took(one.at, seen[one.id] / 1000 - one.at, heard_s))
            assert _next(heard, one.at + CLIMBS_AFTER_S) - one.at <= CLIMBS_BY_S, "fell silent"
            assert _next(heard, calm_since + 1.5) >= first_at, "it sounded before"
            assert _next(heard, paused_at + 2) >= second_at, "a pause did not silence it"
    return took


def _next(heard: list[float], after: float) -> float:
    return min((each / 1000 for each in heard if each / 1000 >= after), default=float("inf"))


def _calm(hall: Hall) -> None:
    """Good readings, and every alarm resolved in words."""
    good = {"sbp": "120", "dbp": "80", "hr": "70", "spo2": "98", "rr": "14"}
    hall.at_once("chart/", {"kind": "vitals", **good})
    numbers = {one["id"]: number for number, one in enumerate(hall.ward.sessions)}
    for one in hall.raised(0):
        words = {"words": "Roused, breathes well."}
        path = f"alarms/{one.id}/resolve/"
        hall.ward.post(numbers[one.session], 0, path, words)
    for page in hall.every_page():
        expect(page.locator("article[data-tier=A3]")).to_have_count(0, timeout=10_000)
        page.evaluate("heard.length = 0")


@pytest.mark.hazard(7)
@pytest.mark.counts(small=20, middle=60, full=300)
def test_an_a3_is_seen_and_heard_on_every_screen_and_climbs(
    hall: Hall, fault_count: int, record_property: Callable[[str, Any], None]
) -> None:
    took: list[Took] = []
    alarms = 0
    with stood_still() as gaps:
        while alarms < fault_count:
            took += _wave(hall)
            alarms += 2 * SESSIONS
            _calm(hall)
    told = [f"{alarms} alarms, each on {SCREENS_EACH} of {SESSIONS * SCREENS_EACH} screens."]
    told.append(_told("Seen", [one.seen_s for one in took]))
    told.append(_told("Heard", [one.heard_s for one in took]))
    record_property("shown", " ".join(told))
    late = [one for one in took if one.late()]
    answers = _told("Each entry answered", hall.answered_s)
    assert not late, [*told, answers, f"This machine stood still: {gaps}", *late]


def _told(what: str, took_s: list[float]) -> str:
    """The median, the 99th percentile and the worst, in words."""
    ordered = sorted(took_s)
    median, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return (
        f"{what} after {median:.2f} s, 99th percentile {late:.2f} s, at most {ordered[-1]:.2f} s."
    )
