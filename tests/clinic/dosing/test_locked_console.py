"""A locked console goes on showing what keeps the person safe."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.dosing import answers, presence
from clinic.dosing.models import DosingSession
from clinic.people import lock
from tests.clinic.dosing.chair import HTML, JSON, PIN, post, url
from tests.clinic.dosing.scene import Scene

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.mark.hazard(20)
def test_a_locked_console_shows_its_numbers_and_takes_the_pin(im: Scene, locked: Client) -> None:
    """Blank, it would hide a falling oxygen from who stands beside it."""
    im.chart("vitals", timezone.now(), hr=133)
    page = locked.get(url(im, "console"))
    html = page.content.decode()
    assert page.status_code == 200
    assert 'class="staff console locked"' in html
    assert ">133<" in html
    assert 'id="lock"' in html
    assert "hidden" not in html.partition('id="lock"')[2].partition(">")[0]
    done = locked.post(url(im, "console"), {lock.SECRET: PIN, lock.PAGE: "yes"})
    assert done["Location"] == url(im, "console")
    assert 'class="staff console"' in locked.get(done["Location"]).content.decode()


@pytest.mark.hazard(20)
def test_a_locked_console_fetched_anew_carries_nobodys_name(im: Scene, locked: Client) -> None:
    """Blurred, a name is still read aloud by a screen reader and stands in the page's source."""
    presence.tell(
        session=im.session,
        event_id=uuid4(),
        staff=im.therapist,
        here=True,
        by=im.nurse.user,
        at=timezone.now(),
    )
    im.chart("vitals", timezone.now(), spo2=84)
    alarm = im.session.alarms.get(rule="ALM-O1")
    answers.answer(alarm=alarm, by=im.other, at=timezone.now())
    page = locked.get(url(im, "console")).content.decode()
    assert [each for each in im.names() if each in page] == []
    assert im.patient.record_number not in page
    assert "somebody is acting" in page and "1 charted" in page and ">84<" in page
    board = locked.get(reverse("dosing:board")).content.decode()
    assert [each for each in im.names() if each in board] == []
    assert "somebody is acting" in board and ">RE<" not in board
    locked.post("/account/unlock/", {lock.SECRET: PIN}, **JSON)
    page = locked.get(url(im, "console")).content.decode()
    assert im.patient.family_name in page and im.therapist.name in page


def test_what_is_charted_on_a_locked_console_is_refused_in_words_and_goes_on_after_the_pin(
    im: Scene, locked: Client
) -> None:
    before = im.reload().last_number
    told = {"kind": "vitals", "hr": "71"}
    refused = post(locked, im, "chart", told)
    assert (refused.status_code, refused.json()["error"]) == (403, lock.LOCKED)
    assert im.reload().last_number == before
    locked.post("/account/unlock/", {lock.SECRET: PIN}, **JSON)
    assert post(locked, im, "chart", told).status_code == 200


def test_its_beats_go_on_and_unlock_nothing(
    im: Scene, locked: Client, clock: time_machine.Traveller
) -> None:
    """A locked console that stopped beating would be told to the clinic as silent."""
    said = {"number": "1", "console": str(uuid4())}
    for _ in range(5):
        assert post(locked, im, "beat", said).status_code == 204
        clock.shift(timedelta(minutes=4))
    assert post(locked, im, "chart", {"kind": "vitals", "hr": "71"}).status_code == 403


def test_the_console_of_a_session_that_is_over_is_locked_as_any_page(
    im: Scene, locked: Client
) -> None:
    DosingSession.objects.filter(pk=im.session.pk).update(phase="discharged")
    page = locked.get(url(im, "console"), **HTML)
    assert (page.status_code, page.templates[0].name) == (403, "people/locked.html")


def test_other_pages_of_the_session_are_locked(im: Scene, locked: Client) -> None:
    assert locked.get(url(im, "discharge"), **HTML).status_code == 403
    assert locked.get(reverse("people:patient", args=[im.patient.pk]), **HTML).status_code == 403
