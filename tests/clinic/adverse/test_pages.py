"""What staff see and press: a page that hides what is due, or a press that is lost, costs days."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from clinic.adverse import actions
from clinic.adverse.models import AdverseEvent, Duty, DutyStep
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.adverse import spray
from tests.clinic.adverse.pages import LATER, local, shown_for, text_of, told_of, url_of
from tests.clinic.dosing.scene import Scene, after


@time_machine.travel(LATER, tick=False)
def test_from_the_console_one_tap_on_a_name(im: Scene) -> None:
    im.start()
    nurse = cast.signed_in(im.nurse)
    assert url_of(im, "tap") in text_of(
        nurse, reverse("dosing:console", args=[im.patient.pk, im.session.pk])
    )
    assert "Blood pressure increased" in text_of(nurse, url_of(im, "tap"))
    told = shown_for(im, term="Nausea", minutes_ago="10", grade="1", transient_expected="yes")
    answer = nurse.post(url_of(im, "tap"), told, follow=True)
    assert "Nausea: on record" in answer.content.decode()
    nurse.post(url_of(im, "tap"), told)
    event = AdverseEvent.objects.get()
    assert (event.onset_at, event.grade, event.transient_expected) == (after(110), 1, True)
    assert "On record of this session" in text_of(nurse, url_of(im, "tap"))
    assert nurse.post(url_of(im, "tap"), shown_for(im)).status_code == 422
    wrong = shown_for(im, term="Nausea") | {"shown_for": str(uuid4())}
    assert nurse.post(url_of(im, "tap"), wrong).status_code == 409, "two tabs, two people"


@time_machine.travel(LATER, tick=False)
def test_from_the_record_with_everything_that_is_known(im: Scene) -> None:
    im.start()
    prescriber = cast.signed_in(im.prescriber)
    assert "No adverse event on record" in text_of(prescriber, url_of(im, "events"))
    page = text_of(prescriber, url_of(im, "new"))
    assert "How likely it came from the drug" in page
    told = told_of(
        session=str(im.session.pk), criteria=["hospital"], grade="3", intervention_grade="2",
        causality="possible", taken=["treated"], outcome="resolved", expectedness="expected",
        transient_expected="on", event_id=str(uuid4()),
    )  # fmt: skip
    page = prescriber.post(url_of(im, "new"), told, follow=True).content.decode()
    for said in ("Serious by", "Internal notice", "It began within 24 hours of a dose", "45 min"):
        assert said in page
    event = AdverseEvent.objects.get()
    assert (event.product, event.causality) == ("RACEMIC", "possible")
    listed = text_of(prescriber, reverse("adverse:everywhere"))
    assert "Nausea" in listed
    assert "MedWatch" in listed
    assert "Reports due" in text_of(prescriber, reverse("chart:today"))


@time_machine.travel(LATER, tick=False)
def test_a_nurse_records_and_is_not_asked_for_the_cause(im: Scene) -> None:
    nurse = cast.signed_in(im.nurse)
    assert "How likely" not in text_of(nurse, url_of(im, "new"))
    nurse.post(url_of(im, "new"), told_of(causality="certain"))
    assert AdverseEvent.objects.get().causality == ""


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"term": ""}, "This field is required"),
        ({"onset_at": local(LATER + timedelta(hours=1))}, "still to come"),
        ({"stop_at": local(after(30))}, "over before it began"),
        ({"aware_at": local(after(30))}, "learned of it before"),
        ({"criteria": ["death"], "none_holds": "on"}, "Take away the ticks"),
        ({"onset_at": "0001-01-01T00:00"}, "Write a year"),
    ],
)
@time_machine.travel(LATER, tick=False)
def test_what_contradicts_itself_is_refused_by_its_field(
    im: Scene, told: dict[str, object], said: str
) -> None:
    answer = cast.signed_in(im.nurse).post(url_of(im, "new"), told_of(**told))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not AdverseEvent.objects.exists()


@time_machine.travel(LATER, tick=False)
def test_corrected_withdrawn_and_refused_to_who_was_slower(im: Scene) -> None:
    nurse = cast.signed_in(im.nurse)
    told = spray.event(im, causality="possible", judged=True)
    event = actions.record(event=told, by=im.prescriber.user, at=after(61))
    page = text_of(nurse, url_of(im, "correct", event.pk))
    assert 'value="Nausea"' in page
    assert nurse.post(url_of(im, "correct", event.pk), told_of(term="Vomiting")).status_code == 422
    changed = told_of(term="Vomiting", none_holds="on", reason="Saw it")
    page = nurse.post(url_of(im, "correct", event.pk), changed, follow=True).content.decode()
    assert "What was written before" in page
    newest = AdverseEvent.objects.get(replaces=event)
    assert newest.causality == "possible", "a prescriber's choice stays"
    page = nurse.get(url_of(im, "correct", event.pk), follow=True).content.decode()
    assert "corrected this event meanwhile" in page
    gone = changed | {"withdraw": "yes", "reason": "Another person"}
    page = nurse.post(url_of(im, "correct", newest.pk), gone, follow=True).content.decode()
    assert "Recorded in error" in page
    assert "No adverse event on record" in text_of(nurse, url_of(im, "events"))


@time_machine.travel(LATER, tick=False)
def test_who_is_slower_by_a_moment_is_told_and_nothing_is_added(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = actions.record(event=spray.event(im), by=im.nurse.user, at=after(61))
    real = actions.record

    def faster(**told: Any) -> AdverseEvent:
        monkeypatch.setattr(actions, "record", real)
        other = spray.event(im, term="Fall", replaces=event, reason="First")
        real(event=other, by=im.other.user, at=LATER)
        return real(**told)

    monkeypatch.setattr(actions, "record", faster)
    told = told_of(term="Vomiting", reason="Second")
    answer = cast.signed_in(im.nurse).post(url_of(im, "correct", event.pk), told, follow=True)
    page = answer.content.decode()
    assert "meanwhile" in page
    assert "<h1>Fall</h1>" in page


@time_machine.travel(LATER, tick=False)
def test_asked_by_name(im: Scene) -> None:
    nurse = cast.signed_in(im.nurse)
    assert "Hallucination" in text_of(nurse, url_of(im, "ask"))
    assert nurse.post(url_of(im, "ask"), shown_for(im)).status_code == 422
    told = shown_for(im, **{"term-0": "yes", "term-1": "no", "term-2": "maybe"})
    page = nurse.post(url_of(im, "ask"), told, follow=True).content.decode()
    assert "2 asked, 1 said yes to" in page
    assert "Asked before" in text_of(nurse, url_of(im, "ask"))


def _duty(im: Scene, row: str) -> Duty:
    actions.record(event=spray.event(im), by=im.nurse.user, at=after(61))
    return Duty.objects.get(row=row)


@pytest.mark.hazard(28)
@time_machine.travel(LATER, tick=False)
def test_a_report_is_closed_on_its_page_with_its_number(im: Scene) -> None:
    duty, nurse = _duty(im, "AE-NOTICE"), cast.signed_in(im.nurse)
    url = url_of(im, "due", duty.pk)
    assert "By <strong>Thursday, March 5, 13:00</strong>" in text_of(nurse, url)
    told = {
        "done_at": local(after(100)), "way": "portal", "to_whom": "Dr Invented",
        "done_by": str(im.prescriber.pk), "reference": "",
    }  # fmt: skip
    assert b"Write the number" in nurse.post(url, told).content
    assert nurse.post(url, told | {"done_at": local(LATER + timedelta(days=1))}).status_code == 422
    assert nurse.post(url, {"kind": "left", "note": "No time"}).status_code == 422, "it must go"
    assert nurse.post(url, {"kind": "left", "note": ""}).status_code == 422
    page = nurse.post(url, told | {"reference": "R-1"}, follow=True).content.decode()
    assert "Reference <strong>R-1</strong>" in page
    page = nurse.post(url, told | {"reference": "R-2"}, follow=True).content.decode()
    assert "closed this meanwhile" in page
    page = nurse.post(url, {"kind": "reopened", "note": "Came back"}, follow=True).content.decode()
    assert "Keep the proof" in page
    assert DutyStep.objects.count() == 2


@time_machine.travel(LATER, tick=False)
def test_what_is_voluntary_may_be_left_with_a_reason(im: Scene) -> None:
    duty = _duty(im, "AE-MEDWATCH")
    url = url_of(im, "due", duty.pk)
    nurse = cast.signed_in(im.nurse)
    assert "No time limit" in text_of(nurse, url)
    page = nurse.post(url, {"kind": "left", "note": "Mild"}, follow=True).content.decode()
    assert "Not sent, for a reason" in page


@time_machine.travel(LATER, tick=False)
def test_who_may_only_read_is_offered_no_form_and_cannot_send_one(im: Scene) -> None:
    duty = _duty(im, "AE-NOTICE")
    therapist = cast.signed_in(im.therapist)
    page = text_of(therapist, url_of(im, "due", duty.pk))
    assert "Keep the proof" not in page
    told = {"done_at": local(after(100)), "way": "phone", "to_whom": "x", "done_by": "1"}
    therapist.post(url_of(im, "due", duty.pk), told)
    assert not DutyStep.objects.exists()
    stranger = cast.signed_in(cast.staff(Role.NURSE, "Stranger"))
    assert stranger.get(url_of(im, "events")).status_code == 404
    assert stranger.get(url_of(im, "due", duty.pk)).status_code == 404
    assert "Nausea" not in text_of(stranger, reverse("adverse:everywhere"))
