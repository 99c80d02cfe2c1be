"""A console that reaches nobody goes on recording: nothing typed is lost, doubled or another's."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from clinic.dosing.models import SessionEvent
from clinic.site import asgi
from tests.clinic.dosing import scene
from tests.e2e import steps
from tests.e2e.chairs import SOON_MS, Chair
from tests.line import Line
from tests.served import served

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
TABLET: dict[str, Any] = {"viewport": {"width": 820, "height": 1180}}
CUT_WITHIN_MS = 5_500  # five seconds, and what a test takes to look


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> scene.Scene:
    """An infusion runs."""
    cache.clear()
    monkeypatch.setattr(settings, "CLINIC_IDLE_MIN", "10")
    scene.earlier_rooms(monkeypatch, scene.ordered("IV"))
    return scene.set_up("IV")


@pytest.fixture
def line(day: scene.Scene) -> Iterator[Line]:
    with served(asgi.Clinic()) as port, Line(port) as line:
        yield line


@pytest.fixture
def nurse(day: scene.Scene, browser: Browser, line: Line) -> Iterator[Chair]:
    chair = Chair(day.nurse, browser, f"http://localhost:{line.port}", **TABLET)
    opened(chair, day)
    yield chair
    chair.page.context.close()


def opened(chair: Chair, day: scene.Scene) -> None:
    """Until it would go on without the clinic."""
    chair.open(steps.path(day))
    expect(chair.page.locator("body[data-records][data-opens]")).to_be_attached(timeout=SOON_MS)


def vitals(chair: Chair, **said: object) -> None:
    card = chair.card("Vital signs").filter(has_text="Systolic")
    chair.fill(card, **said)
    chair.press("Chart", card)


def lost(page: Page) -> None:
    expect(page.locator("#live-line")).to_contain_text(
        "No alarms here. Watch the bedside monitor.", timeout=CUT_WITHIN_MS
    )


def standing(kind: str) -> list[SessionEvent]:
    return list(SessionEvent.objects.filter(kind=kind).order_by("number"))


def test_what_is_typed_offline_arrives_once_in_order_and_at_its_time(
    nurse: Chair, line: Line, day: scene.Scene
) -> None:
    """The readings of a network failure would be lost, or stand at the time of their arrival."""
    line.cut()
    lost(nurse.page)
    vitals(nurse, Pulse=71)
    expect(nurse.page.get_by_text("Kept on this device").first).to_be_visible()
    vitals(nurse, Pulse=72)
    expect(nurse.page.locator("#outbox")).to_contain_text("Offline since")
    expect(nurse.page.locator("#outbox")).to_contain_text("2 entries on this device wait")
    assert standing("vitals") == []
    line.mend()
    expect(nurse.page.locator("#outbox")).to_be_hidden(timeout=SOON_MS)
    found = standing("vitals")
    assert [row.body["hr"] for row in found] == [71, 72]
    assert all((row.recorded_at - row.observed_at).total_seconds() > 1 for row in found)
    (gap,) = standing("offline")
    assert gap.observed_at < found[0].observed_at
    nurse.page.reload()
    expect(nurse.panel).to_contain_text("Console offline")


LOOKED = """async () => {
  const base = await new Promise(done => {
    const asked = indexedDB.open("clinic-console")
    asked.onsuccess = () => done(asked.result) })
  const held = {}
  for (const store of base.objectStoreNames) held[store] = await new Promise(done => {
    const asked = base.transaction(store).objectStore(store).getAll()
    asked.onsuccess = () => done(asked.result) })
  const key = held.keys[0]
  const seen = (_, each) =>
    each instanceof ArrayBuffer ? new TextDecoder("latin1").decode(each) : each
  const pages = []
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    for (const asked of await cache.keys())
      pages.push(asked.url, await (await cache.match(asked)).text())
  }
  base.close()
  const refused = await crypto.subtle.exportKey("raw", key).then(() => "", told => told.name)
  const stored = JSON.stringify({...localStorage, ...sessionStorage})
  return { held: JSON.stringify(held, seen) + stored, pages: pages.join("\\n"),
    extractable: key.extractable, refused }
}"""


@pytest.mark.hazard(18)
def test_a_page_loaded_again_offline_goes_on_and_nothing_on_the_device_names_anybody(
    nurse: Chair, line: Line, day: scene.Scene
) -> None:
    """A tablet loaded again without a network would be a blank page; one that is lost, a leak."""
    line.cut()
    lost(nurse.page)
    vitals(nurse, Pulse=71)
    expect(nurse.page.locator("#outbox")).to_contain_text("1 entry on this device waits")
    nurse.page.reload()
    expect(nurse.page.get_by_role("heading", name="Offline", exact=True)).to_be_visible()
    lost(nurse.page)
    expect(nurse.page.locator("#outbox")).to_contain_text("Offline since")
    expect(nurse.page.locator("#outbox")).to_contain_text("Pulse 71")
    vitals(nurse, Pulse=72)
    expect(nurse.page.locator("#outbox")).to_contain_text("2 entries on this device wait")
    told = nurse.page.evaluate(LOOKED)
    assert (told["extractable"], told["refused"]) == (False, "InvalidAccessError")
    nobody = [*day.names(), str(day.patient.pk), str(day.session.pk), day.patient.record_number]
    everything = nurse.page.content() + told["held"] + told["pages"]
    assert [word for word in nobody if word in everything] == []
    assert "Pulse" not in told["held"]
    nurse.sound()
    line.mend()
    expect(nurse.panel).to_contain_text("Console offline", timeout=SOON_MS)
    expect(nurse.page.locator("#outbox")).to_be_hidden(timeout=SOON_MS)
    assert [row.body["hr"] for row in standing("vitals")] == [71, 72]
    assert {row.by for row in SessionEvent.objects.all()} == {day.nurse.user}
    assert len(standing("offline")) == 1


def test_a_new_tab_offline_asks_which_session_and_goes_on(
    nurse: Chair, line: Line, day: scene.Scene
) -> None:
    """A tab that was closed by a slip would end the recording."""
    line.cut()
    nurse.page.close()
    nurse.page = nurse.page.context.new_page()
    nurse.open("/")
    expect(nurse.page.get_by_role("heading", name="Which session?")).to_be_visible(timeout=SOON_MS)
    nurse.press("opened")
    note = nurse.card("Observation")
    nurse.fill(note, What_you_saw="Opened their eyes")
    nurse.press("Add to the line", note)
    expect(nurse.page.locator("#outbox")).to_contain_text("Opened their eyes")
    line.mend()
    nurse.page.wait_for_url(f"**{steps.path(day)}", timeout=SOON_MS)
    expect(nurse.panel).to_contain_text("Opened their eyes", timeout=SOON_MS)


@pytest.mark.hazard(18)
def test_an_answer_that_is_lost_doubles_nothing(nurse: Chair, line: Line, day: scene.Scene) -> None:
    """A rescue drug that was charted once would stand twice, and be taken for two."""
    line.deafen()
    drug = nurse.card("Another drug given")
    nurse.fill(drug, Drug="Ondansetron", Dose="4 mg", By_which_route="IV", Who_ordered="Petra")
    nurse.press("Chart it", drug)
    expect(drug.get_by_text("Kept on this device")).to_be_visible(timeout=SOON_MS)
    (row,) = standing("rescue")  # it arrived, and nobody knows
    line.mend()
    expect(nurse.page.locator("#outbox")).to_be_hidden(timeout=30_000)
    assert standing("rescue") == [row]


def test_what_the_clinic_refuses_stays_and_what_came_after_it_is_sent(
    nurse: Chair, line: Line, day: scene.Scene
) -> None:
    """A pause that was refused would hide the stop behind it, or be dropped unseen."""
    line.cut()
    lost(nurse.page)
    expect(nurse.page.get_by_text("Offline there is no start").first).to_be_visible()
    note = nurse.card("Observation")
    nurse.page.reload()
    dose = nurse.card("Dose")
    nurse.press("Pause", dose)
    expect(nurse.page.locator("#outbox")).to_contain_text("Pause")
    nurse.fill(note, What_you_saw="The pump was already off")
    nurse.press("Add to the line", note)
    expect(nurse.page.locator("#outbox")).to_contain_text("2 entries")
    line.mend()
    box = nurse.page.locator("#outbox")
    expect(nurse.panel).to_contain_text("The pump was already off", timeout=SOON_MS)
    expect(box).to_contain_text("No dose runs.", timeout=SOON_MS)
    nurse.press("Send it again", box)
    expect(box).to_contain_text("No dose runs.")
    nurse.sound()
    nurse.press("Chart it as an observation in words", box)
    expect(box).to_be_hidden(timeout=SOON_MS)
    expect(nurse.panel).to_contain_text("and not taken as it stood")
    assert standing("dose_pause") == []


@pytest.mark.hazard(18)
def test_two_tabs_of_one_tablet_send_each_entry_once(
    nurse: Chair, line: Line, day: scene.Scene
) -> None:
    """Both tabs would send what they both see."""
    other = nurse.page.context.new_page()
    other.goto(nurse.address + steps.path(day))
    expect(other.locator("body[data-records]")).to_be_attached(timeout=SOON_MS)
    second = Chair.__new__(Chair)
    second.__dict__ |= nurse.__dict__ | {"page": other}
    line.cut()
    lost(nurse.page)
    lost(other)
    for pulse in range(60, 70, 2):
        vitals(nurse, Pulse=pulse)
        expect(nurse.page.locator(f"#outbox[data-count='{pulse - 59}']")).to_be_attached()
        vitals(second, Pulse=pulse + 1)
        expect(nurse.page.locator(f"#outbox[data-count='{pulse - 58}']")).to_be_attached()
    line.mend()
    expect(nurse.page.locator("#outbox")).to_be_hidden(timeout=SOON_MS)
    assert [row.body["hr"] for row in standing("vitals")] == list(range(60, 70))
    assert len(standing("offline")) == 1


@pytest.mark.hazard(18)
def test_what_one_nurse_typed_waits_for_her_and_is_never_anothers(
    nurse: Chair, line: Line, day: scene.Scene
) -> None:
    """The record would say that the second nurse measured what the first did."""
    line.cut()
    lost(nurse.page)
    vitals(nurse, Pulse=71)
    expect(nurse.page.locator("#outbox")).to_contain_text("1 entry")
    first, nurse.member = nurse.member, day.other
    nurse.sign_in()
    nurse.page.goto("about:blank")
    line.mend()
    opened(nurse, day)
    box = nurse.page.locator("#outbox")
    expect(box).to_contain_text(f"{first.name} typed. They are sent when", timeout=SOON_MS)
    vitals(nurse, Pulse=90)
    expect(nurse.panel).to_contain_text("90", timeout=SOON_MS)
    nurse.press("Sign out")
    expect(nurse.page.get_by_role("heading", name="What waits on this device")).to_be_visible()
    nurse.page.get_by_label("Leave it here, sealed").check()
    nurse.send("Sign out", nurse.page.locator("#sign-out"))
    nurse.member = first
    nurse.sign_in()
    opened(nurse, day)
    expect(nurse.panel).to_contain_text("71", timeout=SOON_MS)
    found = {row.body["hr"]: row.by for row in standing("vitals")}
    assert found == {71: first.user, 90: day.other.user}


def test_a_locked_console_takes_what_is_typed_offline_for_nobody_yet(
    nurse: Chair, line: Line, day: scene.Scene
) -> None:
    """No PIN can be taken offline: a nurse would be locked out, or anybody be her."""
    line.cut()
    lost(nurse.page)
    nurse.page.evaluate("document.dispatchEvent(new Event('clinic:locked'))")
    vitals(nurse, Pulse=71)
    box = nurse.page.locator("#outbox")
    expect(box).to_contain_text("nobody had shown who they were")
    line.mend()
    claim = box.get_by_role("button", name="I typed these")
    expect(claim).to_be_visible(timeout=SOON_MS)
    assert standing("vitals") == []
    claim.click()
    expect(box).to_be_hidden(timeout=SOON_MS)
    assert [row.body["hr"] for row in standing("vitals")] == [71]


def test_signing_out_waits_for_what_waits_and_wipes_the_rest(
    nurse: Chair, line: Line, day: scene.Scene
) -> None:
    """A sign-out would take the only copy with it, or leave a session's traces on a tablet."""
    line.cut()
    lost(nurse.page)
    vitals(nurse, Pulse=71)
    expect(nurse.page.locator("#outbox")).to_contain_text("1 entry")
    nurse.page.evaluate(
        "() => void navigator.locks.request('clinic-outbox', () => new Promise(() => {}))"
    )
    line.mend()
    expect(nurse.page.locator("#live-line")).to_contain_text("Live", timeout=SOON_MS)
    nurse.press("Sign out")
    expect(nurse.page.get_by_role("heading", name="What waits on this device")).to_be_visible()
    expect(nurse.page.get_by_text("Nothing waits here.")).to_be_visible(timeout=SOON_MS)  # sent
    with nurse.page.expect_response("**/account/logout/") as answer:
        nurse.press("Sign out", nurse.page.locator("#sign-out"))
    assert answer.value.all_headers()["clear-site-data"] == '"storage"'
    expect(nurse.page.get_by_label("Password")).to_be_visible()
    left = nurse.page.evaluate(
        "async () => [(await indexedDB.databases()).length, (await caches.keys()).length,"
        " (await navigator.serviceWorker.getRegistrations()).length, localStorage.length]"
    )
    assert left == [0, 0, 0, 0]
    assert [row.body["hr"] for row in standing("vitals")] == [71]
