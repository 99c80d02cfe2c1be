"""One tablet: two people of one name on it, and what it cannot keep."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from clinic.dosing import stages
from clinic.dosing.models import DosingSession
from clinic.episodes import actions as episodes
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.dosing import scene
from tests.e2e import steps
from tests.e2e.chairs import SOON_MS, Chair
from tests.e2e.cut import TABLET, lost, standing, vitals
from tests.line import Line

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def twin(day: scene.Scene) -> DosingSession:
    """Of another person with the same name, born a day later."""
    first = day.patient
    born = first.birth_date + timedelta(days=1)
    person = cast.patient(first.given_name, first.family_name, birth_date=born)
    cast.treats(day.nurse, person)
    episodes.open_episode(patient=person, by=None, at=NOON)
    return stages.open_session(
        patient=person, product="RACEMIC", route="IV", by=day.nurse.user, at=NOON
    )


@pytest.mark.hazard(18)
def test_two_tabs_on_two_people_never_mix_what_waits(
    nurse: Chair, line: Line, day: scene.Scene, twin: DosingSession
) -> None:
    """One person's readings would stand in the record of the other, who bears the same name."""
    second = Chair.__new__(Chair)
    second.__dict__ |= nurse.__dict__ | {"page": nurse.page.context.new_page()}
    second.open(f"/patients/{twin.patient_id}/sessions/{twin.pk}/")
    expect(second.page.locator("body[data-reopens]")).to_be_attached(timeout=SOON_MS)
    line.cut()
    for chair in (nurse, second):
        lost(chair.page)
    vitals(nurse, Pulse=61)
    vitals(second, Pulse=91)
    expect(second.page.locator("#outbox")).to_contain_text("2 entries")
    for chair in (second, nurse):  # each goes on with its own
        chair.page.reload()
        expect(chair.page.get_by_role("heading", name="Offline", exact=True)).to_be_visible()
        lost(chair.page)
    vitals(second, Pulse=92)
    vitals(nurse, Pulse=62)
    expect(nurse.page.locator("#outbox")).to_contain_text("4 entries")
    line.mend()
    for chair in (nurse, second):
        expect(chair.panel).to_contain_text("Console offline", timeout=SOON_MS)
        expect(chair.page.locator("#outbox")).to_be_hidden(timeout=SOON_MS)
    found = [(row.session_id, row.body["hr"]) for row in standing("vitals")]
    assert [hr for session, hr in found if session == day.session.pk] == [61, 62]
    assert [hr for session, hr in found if session == twin.pk] == [91, 92]
    assert {row.session_id for row in standing("offline")} == {day.session.pk, twin.pk}


NO_LIBRARY = "This screen does not record while it is offline: it could not be prepared."
NOT_SECURE = "This screen does not record while it is offline: that needs HTTPS"


@pytest.mark.hazard(18)
@pytest.mark.parametrize("lacks", [NO_LIBRARY, NOT_SECURE])
def test_a_screen_that_cannot_keep_says_so_and_charts_all_the_same(
    browser: Browser, line: Line, day: scene.Scene, lacks: str
) -> None:
    """A nurse would rely on a recording that there is none of, or could chart nothing at all."""
    nurse = Chair(day.nurse, browser, f"http://localhost:{line.port}", **TABLET)
    if lacks == NO_LIBRARY:
        nurse.page.route("**/front-end/*.js", lambda route: route.fulfill(status=404))
    else:
        told = "Object.defineProperty(window, 'isSecureContext', {get: () => false})"
        nurse.page.add_init_script(told)
    nurse.open(steps.path(day))
    expect(nurse.page.locator("#outbox")).to_contain_text(lacks)
    expect(nurse.page.locator("#outbox")).to_contain_text("Keep the downtime sheet at hand.")
    vitals(nurse, Pulse=71)
    nurse.charted(nurse.card("Vital signs").filter(has_text="Systolic"))
    line.cut()
    lost(nurse.page)
    card = nurse.card("Vital signs").filter(has_text="Systolic")
    expect(card).to_contain_text("needs the clinic: not while this screen is offline")
    assert [row.body["hr"] for row in standing("vitals")] == [71]
    nurse.page.context.close()
