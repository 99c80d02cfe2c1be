"""The pages of therapy: what was typed is kept, what may not be is refused in words."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from clinic.calendar import actions as calendar
from clinic.episodes import queries as episodes
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.therapy import queries, touching
from clinic.therapy.models import Touch, TouchAgreement
from kapstone.pathway import Episode
from tests.clinic import cast
from tests.clinic.therapy.cases import agreed, consented, dosed

pytestmark = pytest.mark.django_db
TERMS = {"longest_s": 60, "position": "lying", "signed_name": "Robin Example"}


@pytest.fixture
def person() -> Patient:
    return cast.patient()


@pytest.fixture
def therapist(person: Patient) -> StaffMember:
    return cast.treats(cast.staff(Role.THERAPIST), person)


@pytest.fixture
def ana(therapist: StaffMember) -> Client:
    return cast.signed_in(therapist)


def _url(name: str, person: Patient, *more: object) -> str:
    return reverse(f"therapy:{name}", args=[person.pk, *more])


def test_the_room_says_when_it_is_empty(ana, person) -> None:
    page = ana.get(_url("therapy", person))
    for words in ("No visit yet", "No touch", "No dose yet"):
        assertContains(page, words)


@time_machine.travel(cast.NOON, tick=False)
def test_a_preparation_visit_from_form_to_prepared(ana, person, therapist, cleared) -> None:
    consented(person, therapist)
    assertContains(ana.post(_url("prepare", person), {"intention": "Rest"}), "Rest")
    assert queries.preparation(person) is None
    typed = {"held_at": "2026-03-04T12:00", "stop_word": "lemon", "intention": "To rest"}
    assertRedirects(ana.post(_url("prepare", person), typed), _url("therapy", person))
    assertContains(ana.get(_url("prepare", person)), "To rest")  # gone through again
    assertContains(ana.get(_url("therapy", person)), "Preparation is complete")
    assertContains(ana.post(_url("complete", person), follow=True), "Preparation is complete.")
    assert episodes.open_episode(person).stage == Episode.PREPARED
    assertContains(ana.post(_url("complete", person), follow=True), "cannot follow")


def test_a_visit_that_is_still_to_come_is_refused(ana, person) -> None:
    typed = {"held_at": "2099-01-01T12:00", "stop_word": "lemon"}
    assertContains(ana.post(_url("prepare", person), typed), "still to come")


def test_touch_is_agreed_lessened_and_ended(ana, person, therapist) -> None:
    assertRedirects(ana.get(_url("narrow_touch", person)), _url("therapy", person))
    typed = {"touches": ["hand", "shoulder"], "staff": [therapist.pk]} | TERMS
    assertContains(ana.post(_url("agree_touch", person), typed), "to mend")
    ana.post(_url("agree_touch", person), typed | {"sober": "on", "manner": "from the left"})
    assertContains(ana.get(_url("therapy", person)), "from the left")
    kept = queries.touch_agreement(person).allowed.get(touch="hand")
    assertContains(ana.get(_url("narrow_touch", person)), "Shoulder, by")
    ana.post(_url("narrow_touch", person), {"keep": [kept.pk]})
    assertNotContains(ana.get(_url("therapy", person)), "Shoulder, by")
    ana.post(_url("withdraw_touch", person))
    assert not queries.touch_agreement(person).allowed.exists()


def test_touch_is_not_agreed_while_dosing_says_a_session_is_under_way(
    ana, person, therapist
) -> None:
    touching.dose_begun(patient=person, session_id=uuid4(), at=cast.NOON)
    typed = {"touches": ["hand"], "staff": [therapist.pk], "sober": "on"} | TERMS
    assertContains(ana.post(_url("agree_touch", person), typed), "only less touch now")
    assert queries.touch_agreement(person) is None


def test_touch_by_somebody_not_on_the_team_cannot_be_agreed(ana, person) -> None:
    typed = {"touches": ["hand"], "staff": [cast.staff(Role.NURSE).pk], "sober": "on"} | TERMS
    assertContains(ana.post(_url("agree_touch", person), typed), "to mend")


def test_a_page_that_stood_open_cannot_bring_touch_back(
    ana, person, therapist, monkeypatch
) -> None:
    """Somebody withdrew between the reading and the writing of this request."""
    before = agreed(person, therapist, Touch.HAND)
    empty = TouchAgreement.objects.create(
        patient=person,
        agreed_at=cast.NOON,
        by=therapist.user,
        sober=False,
        touch_count=0,
        replaces=before,
    )
    stale = iter([before])
    monkeypatch.setattr(queries, "touch_agreement", lambda patient: next(stale, None) or empty)
    page = ana.post(_url("narrow_touch", person), {"keep": [before.allowed.get().pk]})
    assertContains(page, "more than was agreed")


def test_a_debrief_and_an_integration_visit(ana, person) -> None:
    dose = dosed(person, timezone.now() - timedelta(days=4))
    assertContains(ana.get(_url("therapy", person)), "Overdue")
    said = _url("debrief", person, dose.session_id)
    assertContains(ana.get(said), "own words")
    ana.post(said, {"text": "Far away and light"})
    assertContains(ana.get(_url("therapy", person)), "Far away and light")
    visit = _url("integrate", person, dose.session_id)
    typed = {"outcome": "attended", "held_at": "2026-03-04T12:00"}
    refused = ana.post(visit, typed)
    assertContains(refused, "Write what you worked on.")
    assertContains(refused, "Choose how you met.")
    typed["contact"] = "phone"
    held_at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    ana.post(visit, typed | {"focus": "Sleep", "held_at": held_at})
    page = ana.get(_url("therapy", person))
    assertContains(page, "Attended")
    assertNotContains(page, "Overdue")


def test_a_visit_is_corrected_with_a_reason(ana, person) -> None:
    dose = dosed(person, timezone.now() - timedelta(days=4))
    typed = {"outcome": "attended", "held_at": "2026-03-04T12:00", "focus": "Sleep"}
    typed["contact"] = "phone"
    ana.post(_url("integrate", person, dose.session_id), typed)
    first = queries.integration_visits(person).get()
    assert first.session_id == dose.session_id
    url = _url("correct_integration", person, first.pk)
    assertContains(ana.get(url), "Sleep")
    wrong = typed | {"outcome": "no_show"}
    assertContains(ana.post(url, wrong), "1 problem to mend")
    ana.post(url, wrong | {"reason": "They did not come"})
    now = queries.integration_visits(person).get()
    assert (now.outcome, now.replaces, now.session_id) == ("no_show", first, dose.session_id)
    assert ana.get(url).status_code == 404


def test_no_session_of_this_person_no_page(ana, person) -> None:
    elsewhere = dosed(cast.patient("Ada"), cast.NOON)
    for name in ("debrief", "integrate"):
        for session_id in (elsewhere.session_id, uuid4()):
            assert ana.get(_url(name, person, session_id)).status_code == 404


def test_a_nurse_reads_and_lessens_but_does_not_agree(person, therapist) -> None:
    nurse = cast.signed_in(cast.treats(cast.staff(Role.NURSE), person))
    assertContains(nurse.get(_url("therapy", person)), "No touch")
    assert nurse.post(_url("withdraw_touch", person)).status_code == 302
    for name in ("agree_touch", "prepare", "private_notes"):
        assert nurse.get(_url(name, person)).status_code == 404


def test_somebody_else_asks_how_touch_was(ana, person, therapist) -> None:
    now = timezone.now()
    dose = dosed(person, now - timedelta(hours=30))
    agreed(person, therapist, Touch.HAND, at=now)
    nurse = cast.treats(cast.staff(Role.NURSE, "Nan Nurse"), person)
    desk, where = cast.signed_in(nurse), _url("ask_touch", person, dose.session_id)
    assertContains(desk.get(_url("therapy", person)), "Ask how touch was")
    assertContains(ana.get(_url("therapy", person)), "Somebody who is not named")
    assertContains(desk.get("/today/"), "How was touch?")
    assertContains(ana.post(where, {"concern": "no"}), "Somebody else asks")
    assertContains(desk.post(where, {"concern": "yes"}), "Write what they said")
    assertContains(desk.post(where, {"words": ""}), "to mend")
    told = {"concern": "yes", "words": "It went on too long."}
    assertContains(desk.post(where, told, follow=True), "An alert was raised")
    page = desk.get(_url("therapy", person))
    assertNotContains(page, "It went on too long.")  # it may be about who reads the page
    assertContains(page, "A reviewer who had no part in it")
    assertNotContains(page, "Ask how touch was")
    assertContains(desk.post(where, {"concern": "no"}, follow=True), "Kept.")
    assert desk.get(_url("ask_touch", person, uuid4())).status_code == 404


def test_an_agreement_made_on_the_eve_is_gone_over_again(ana, person, therapist) -> None:
    now = timezone.now()
    slot = calendar.Slot("Room 1", now + timedelta(hours=5), now + timedelta(hours=7))
    calendar.book(patient=person, slot=slot, by=None, at=now)
    typed = {"touches": ["hand"], "staff": [therapist.pk], "sober": "on"} | TERMS
    page = ana.post(_url("agree_touch", person), typed, follow=True)
    assertContains(page, "within 24 hours")
    wrong = typed | {"signed_name": "Somebody Else"}
    assertContains(ana.post(_url("agree_touch", person), wrong), "not the name on this record")
