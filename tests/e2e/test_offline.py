"""A console that reaches nobody goes on recording: nothing typed is lost or doubled."""

import pytest
from playwright.sync_api import expect

from clinic.dosing.models import SessionEvent
from tests.clinic.dosing import scene
from tests.e2e import steps
from tests.e2e.chairs import SOON_MS, Chair
from tests.e2e.cut import lost, standing, vitals
from tests.line import Line

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_what_is_typed_offline_arrives_once_in_order_and_at_its_time(
    nurse: Chair, line: Line, day: scene.Scene
) -> None:
    """The readings of a network failure would be lost, or stand at the time of their arrival."""
    line.cut()
    lost(nurse.page)
    vitals(nurse, Pulse=71)
    vitals(nurse, Pulse=72)  # while the first is written to the disk
    expect(nurse.page.locator("#outbox")).to_contain_text("Offline since")
    expect(nurse.page.locator("#outbox")).to_contain_text("2 entries on this device wait")
    assert standing("vitals") == []
    nurse.page.wait_for_timeout(1_500)
    line.mend()
    expect(nurse.page.locator("#outbox")).to_be_hidden(timeout=SOON_MS)
    found = standing("vitals")
    assert [row.body["hr"] for row in found] == [71, 72]
    assert all((row.recorded_at - row.observed_at).total_seconds() > 1 for row in found)
    (gap,) = standing("offline")
    assert gap.observed_at < found[0].observed_at
    nurse.page.reload()
    expect(nurse.panel).to_contain_text("Console offline")


HELD = """() => new Promise(done => navigator.locks.request("clinic-outbox", () => {
  done()
  return new Promise(free => window.letGo = free)
}))"""


@pytest.mark.hazard(18)
def test_what_is_typed_while_an_entry_is_sent_stays(nurse: Chair, day: scene.Scene) -> None:
    """On a slow line the next reading would be wiped from under the nurse's fingers."""
    nurse.page.evaluate(HELD)
    card = nurse.card("Vital signs").filter(has_text="Systolic")
    nurse.fill(card, Pulse=71, Systolic=120, Diastolic=80)
    nurse.press("Chart", card)
    expect(card.get_by_role("button", name="Chart")).to_be_disabled()
    nurse.fill(card, Pulse=72)
    for tap in ("Tears", "Dreamy"):  # one after another, before anything of the first is heard
        nurse.press(tap)
    nurse.page.evaluate("letGo()")
    nurse.charted(card)
    expect(card.get_by_role("textbox", name="Pulse")).to_have_value("72")
    expect(card.get_by_role("textbox", name="Systolic")).to_have_value("")
    nurse.press("Chart", card)
    expect(card.get_by_role("textbox", name="Pulse")).to_have_value("")
    expect(nurse.page.locator("#outbox")).to_be_hidden()
    charted = [(row.body["hr"], row.body.get("sbp")) for row in standing("vitals")]
    assert charted == [(71, 120), (72, None)]
    assert [row.body["word"] for row in standing("note")] == ["tears", "dreamy"]


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
