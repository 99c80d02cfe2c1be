"""What was typed offline belongs to who typed it: another nurse, a lock, a sign-out."""

import pytest
from playwright.sync_api import expect

from tests.clinic.dosing import scene
from tests.e2e.chairs import SOON_MS, Chair
from tests.e2e.cut import lost, opened, standing, vitals
from tests.line import Line

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


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


def _typed_by_nobody(nurse: Chair, line: Line) -> None:
    """Offline, on a locked screen: it waits until somebody says that they typed it."""
    line.cut()
    lost(nurse.page)
    nurse.page.evaluate("document.dispatchEvent(new Event('clinic:locked'))")
    vitals(nurse, Pulse=71)


def test_a_locked_console_takes_what_is_typed_offline_for_nobody_yet(
    nurse: Chair, line: Line, day: scene.Scene
) -> None:
    """No PIN can be taken offline: a nurse would be locked out, or anybody be her."""
    _typed_by_nobody(nurse, line)
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


def test_what_waits_is_wiped_when_its_owner_says_so_and_not_before(
    nurse: Chair, line: Line, day: scene.Scene
) -> None:
    """The only copy of a reading would be gone by one tap, or stay on a tablet for ever."""
    _typed_by_nobody(nurse, line)
    expect(nurse.page.locator("#outbox")).to_contain_text("1 entry")
    line.mend()
    opened(nurse, day)
    nurse.press("Sign out")
    expect(nurse.page.get_by_role("heading", name="What waits on this device")).to_be_visible()
    form = nurse.page.locator("#sign-out")
    nurse.press("Sign out", form)
    expect(nurse.page.locator("#choose")).to_be_visible()
    nurse.page.get_by_label("Wipe it").check()
    nurse.send("Sign out", form)
    expect(nurse.page.get_by_label("Password")).to_be_visible()
    left = "async () => (await indexedDB.databases()).length"
    assert nurse.page.evaluate(left) == 0
    nurse.sign_in()
    opened(nurse, day)
    expect(nurse.page.locator("#outbox")).to_be_hidden()
    assert standing("vitals") == []
