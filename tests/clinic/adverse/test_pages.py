"""What staff see and press: a page that hides what is due, or a press that is lost, costs days."""

import builtins
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from clinic.adverse import actions, duties
from clinic.adverse.models import AdverseEvent, Departure, Duty, DutyStep
from clinic.dosing import actions as dosing
from clinic.dosing.kinds import Chart
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.adverse import spray
from tests.clinic.dosing.scene import Scene, after

LATER = after(120)


def _url(day: Scene, name: str, *more: object) -> str:
    of_session = ("tap", "ask", "form", "save_form", "form_paper", "left", "record", "record_paper")
    about = [day.session.pk] if name in of_session else []
    return reverse(f"adverse:{name}", args=[day.patient.pk, *about, *more])


def _local(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"


def _told(**told: object) -> dict[str, object]:
    known = {
        "term": "Nausea",
        "onset_at": _local(after(60)),
        "aware_at": _local(after(90)),
        "reporter": "patient",
    }
    return known | told


def _shown_for(day: Scene, **told: object) -> dict[str, object]:
    return {"shown_for": str(day.session.pk), "event_id": str(uuid4())} | told


def _text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


@time_machine.travel(LATER, tick=False)
def test_from_the_console_one_tap_on_a_name(im: Scene) -> None:
    im.start()
    nurse = cast.signed_in(im.nurse)
    assert _url(im, "tap") in _text(
        nurse, reverse("dosing:console", args=[im.patient.pk, im.session.pk])
    )
    assert "Blood pressure increased" in _text(nurse, _url(im, "tap"))
    told = _shown_for(im, term="Nausea", minutes_ago="10", grade="1", transient_expected="yes")
    answer = nurse.post(_url(im, "tap"), told, follow=True)
    assert "Nausea: on record" in answer.content.decode()
    nurse.post(_url(im, "tap"), told)
    event = AdverseEvent.objects.get()
    assert (event.onset_at, event.grade, event.transient_expected) == (after(110), 1, True)
    assert "On record of this session" in _text(nurse, _url(im, "tap"))
    assert nurse.post(_url(im, "tap"), _shown_for(im)).status_code == 422
    wrong = _shown_for(im, term="Nausea") | {"shown_for": str(uuid4())}
    assert nurse.post(_url(im, "tap"), wrong).status_code == 409, "two tabs, two people"


@time_machine.travel(LATER, tick=False)
def test_from_the_record_with_everything_that_is_known(im: Scene) -> None:
    im.start()
    prescriber = cast.signed_in(im.prescriber)
    assert "No adverse event on record" in _text(prescriber, _url(im, "events"))
    page = _text(prescriber, _url(im, "new"))
    assert "How likely it came from the drug" in page
    told = _told(
        session=str(im.session.pk), criteria=["hospital"], grade="3", intervention_grade="2",
        causality="possible", taken=["treated"], outcome="resolved", expectedness="expected",
        transient_expected="on", event_id=str(uuid4()),
    )  # fmt: skip
    page = prescriber.post(_url(im, "new"), told, follow=True).content.decode()
    for said in ("Serious by", "Internal notice", "It began within 24 hours of a dose", "45 min"):
        assert said in page
    event = AdverseEvent.objects.get()
    assert (event.product, event.causality) == ("RACEMIC", "possible")
    listed = _text(prescriber, reverse("adverse:everywhere"))
    assert "Nausea" in listed
    assert "MedWatch" in listed
    assert "Reports due" in _text(prescriber, reverse("chart:today"))


@time_machine.travel(LATER, tick=False)
def test_a_nurse_records_and_is_not_asked_for_the_cause(im: Scene) -> None:
    nurse = cast.signed_in(im.nurse)
    assert "How likely" not in _text(nurse, _url(im, "new"))
    nurse.post(_url(im, "new"), _told(causality="certain"))
    assert AdverseEvent.objects.get().causality == ""


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"term": ""}, "This field is required"),
        ({"onset_at": _local(LATER + timedelta(hours=1))}, "still to come"),
        ({"stop_at": _local(after(30))}, "over before it began"),
        ({"aware_at": _local(after(30))}, "learned of it before"),
        ({"criteria": ["death"], "none_holds": "on"}, "Take away the ticks"),
        ({"onset_at": "0001-01-01T00:00"}, "Write a year"),
    ],
)
@time_machine.travel(LATER, tick=False)
def test_what_contradicts_itself_is_refused_by_its_field(
    im: Scene, told: dict[str, object], said: str
) -> None:
    answer = cast.signed_in(im.nurse).post(_url(im, "new"), _told(**told))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not AdverseEvent.objects.exists()


@time_machine.travel(LATER, tick=False)
def test_corrected_withdrawn_and_refused_to_who_was_slower(im: Scene) -> None:
    nurse = cast.signed_in(im.nurse)
    told = spray.event(im, causality="possible", judged=True)
    event = actions.record(event=told, by=im.prescriber.user, at=after(61))
    page = _text(nurse, _url(im, "correct", event.pk))
    assert 'value="Nausea"' in page
    assert nurse.post(_url(im, "correct", event.pk), _told(term="Vomiting")).status_code == 422
    changed = _told(term="Vomiting", none_holds="on", reason="Saw it")
    page = nurse.post(_url(im, "correct", event.pk), changed, follow=True).content.decode()
    assert "What was written before" in page
    newest = AdverseEvent.objects.get(replaces=event)
    assert newest.causality == "possible", "a prescriber's choice stays"
    page = nurse.get(_url(im, "correct", event.pk), follow=True).content.decode()
    assert "corrected this event meanwhile" in page
    gone = changed | {"withdraw": "yes", "reason": "Another person"}
    page = nurse.post(_url(im, "correct", newest.pk), gone, follow=True).content.decode()
    assert "Recorded in error" in page
    assert "No adverse event on record" in _text(nurse, _url(im, "events"))


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
    told = _told(term="Vomiting", reason="Second")
    answer = cast.signed_in(im.nurse).post(_url(im, "correct", event.pk), told, follow=True)
    page = answer.content.decode()
    assert "meanwhile" in page
    assert "<h1>Fall</h1>" in page


@time_machine.travel(LATER, tick=False)
def test_asked_by_name(im: Scene) -> None:
    nurse = cast.signed_in(im.nurse)
    assert "Hallucination" in _text(nurse, _url(im, "ask"))
    assert nurse.post(_url(im, "ask"), _shown_for(im)).status_code == 422
    told = _shown_for(im, **{"term-0": "yes", "term-1": "no", "term-2": "maybe"})
    page = nurse.post(_url(im, "ask"), told, follow=True).content.decode()
    assert "2 asked, 1 said yes to" in page
    assert "Asked before" in _text(nurse, _url(im, "ask"))


def _duty(im: Scene, row: str) -> Duty:
    actions.record(event=spray.event(im), by=im.nurse.user, at=after(61))
    return Duty.objects.get(row=row)


@pytest.mark.hazard(28)
@time_machine.travel(LATER, tick=False)
def test_a_report_is_closed_on_its_page_with_its_number(im: Scene) -> None:
    duty, nurse = _duty(im, "AE-NOTICE"), cast.signed_in(im.nurse)
    url = _url(im, "due", duty.pk)
    assert "By <strong>Thursday, March 5, 13:00</strong>" in _text(nurse, url)
    told = {
        "done_at": _local(after(100)), "way": "portal", "to_whom": "Dr Invented",
        "done_by": str(im.prescriber.pk), "reference": "",
    }  # fmt: skip
    assert b"Write the number" in nurse.post(url, told).content
    assert nurse.post(url, told | {"done_at": _local(LATER + timedelta(days=1))}).status_code == 422
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
    url = _url(im, "due", duty.pk)
    nurse = cast.signed_in(im.nurse)
    assert "No time limit" in _text(nurse, url)
    page = nurse.post(url, {"kind": "left", "note": "Mild"}, follow=True).content.decode()
    assert "Not sent, for a reason" in page


@time_machine.travel(LATER, tick=False)
def test_who_may_only_read_is_offered_no_form_and_cannot_send_one(im: Scene) -> None:
    duty = _duty(im, "AE-NOTICE")
    therapist = cast.signed_in(im.therapist)
    page = _text(therapist, _url(im, "due", duty.pk))
    assert "Keep the proof" not in page
    told = {"done_at": _local(after(100)), "way": "phone", "to_whom": "x", "done_by": "1"}
    therapist.post(_url(im, "due", duty.pk), told)
    assert not DutyStep.objects.exists()
    stranger = cast.signed_in(cast.staff(Role.NURSE, "Stranger"))
    assert stranger.get(_url(im, "events")).status_code == 404
    assert stranger.get(_url(im, "due", duty.pk)).status_code == 404
    assert "Nausea" not in _text(stranger, reverse("adverse:everywhere"))


@time_machine.travel(LATER, tick=False)
def test_the_monitoring_form_is_saved_from_the_door_and_completed(devices: Scene) -> None:
    spray.give(devices)
    nurse = cast.signed_in(devices.nurse)
    door = _text(nurse, reverse("dosing:discharge", args=[devices.patient.pk, devices.session.pk]))
    assert "Open and save the form" in door
    page = nurse.post(_url(devices, "save_form"), _shown_for(devices), follow=True).content.decode()
    for said in ("This is not the official form", "nothing is sent from here", "Due by", "open:"):
        assert said in page
    told = _shown_for(devices, **{"field-breathing": "no", "field-ready_min": "70"})
    page = nurse.post(_url(devices, "save_form"), told, follow=True).content.decode()
    assert 'value="70"' in page
    text = _paper(nurse, _url(devices, "form_paper"))
    for said in ("56 mg", "open: nobody charted it", "not the official form", "no clinician"):
        assert said in text
    assert cast.signed_in(devices.therapist).post(
        _url(devices, "save_form"), _shown_for(devices)
    ).status_code == 404  # fmt: skip
    duty = Duty.objects.get(row=duties.FORM)
    due = _text(nurse, _url(devices, "due", duty.pk))
    assert "questions are open" in due
    told = {
        "done_at": _local(after(100)), "way": "fax", "to_whom": "Programme",
        "done_by": str(devices.nurse.pk), "reference": "F-9",
    }  # fmt: skip
    nurse.post(_url(devices, "due", duty.pk), told)
    assert "reference <strong>F-9</strong>" in _text(nurse, _url(devices, "form"))
    assert "F-9" in _paper(nurse, _url(devices, "form_paper"))


def _paper(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@time_machine.travel(LATER, tick=False)
def test_a_racemic_session_has_no_form_to_open(im: Scene) -> None:
    nurse = cast.signed_in(im.nurse)
    assert nurse.get(_url(im, "form")).status_code == 404
    assert nurse.post(_url(im, "save_form"), _shown_for(im)).status_code == 404


@time_machine.travel(LATER, tick=False)
def test_leaving_against_advice_with_an_empty_form(im: Scene) -> None:
    nurse = cast.signed_in(im.nurse)
    told = _shown_for(im, left_at=_local(LATER))
    assert b"is charted after a dose" in nurse.post(_url(im, "left"), told).content
    im.start()
    page = nurse.post(_url(im, "left"), told, follow=True).content.decode()
    assert "Charted as missing: capacity, prescriber, risk, escort." in page
    assert nurse.post(_url(im, "left"), told).status_code == 422, "a second one says why"
    whole = _shown_for(
        im, left_at=_local(LATER), can_decide="yes", capacity_note="Clear", risk="explained",
        prescriber="Paula", prescriber_called_at=_local(after(110)), with_whom="alone",
        comment="None", reason="Added",
    )  # fmt: skip
    page = nurse.post(_url(im, "left"), whole, follow=True).content.decode()
    assert "everything about it is charted" in page
    ahead = whole | {"prescriber_called_at": _local(LATER + timedelta(hours=1))}
    assert b"still to come" in nurse.post(_url(im, "left"), ahead).content
    assert Departure.objects.count() == 2
    duty = Duty.objects.filter(session=im.session).first()
    assert duty is not None
    assert "Left against advice" in _text(nurse, _url(im, "record"))
    assert _text(nurse, _url(im, "due", duty.pk))


@pytest.mark.hazard(22)
@time_machine.travel(LATER, tick=False)
def test_the_record_on_paper_strikes_what_was_corrected_and_says_by_whom_and_why(
    im: Scene,
) -> None:
    im.start()
    wrong = im.chart("vitals", after(20), sbp=200, dbp=125, hr=90)
    told = Chart(uuid4(), "withdrawn", after(20), {}, "", wrong.pk, "Cuff slipped")
    dosing.record(session=im.session, chart=told, by=im.nurse.user, at=after(22))
    actions.record(event=spray.event(im), by=im.nurse.user, at=after(61))
    nurse = cast.signed_in(im.nurse)
    page = _text(nurse, _url(im, "record"))
    assert "<s>Vital signs: Systolic" in page
    for text in (page, _paper(nurse, _url(im, "record_paper"))):
        for said in ("Cuff slipped", "Withdrawn by line", "nobody answered", "35 mg", "Nausea"):
            assert said in text
    assert "no clinician has reviewed" in _paper(nurse, _url(im, "record_paper"))


@pytest.mark.parametrize("name", ["record_paper", "form_paper"])
@time_machine.travel(LATER, tick=False)
def test_without_its_libraries_the_paper_is_a_page_that_says_so(
    devices: Scene, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., Any] = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library")
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    page = _text(cast.signed_in(devices.nurse), _url(devices, name))
    assert "The PDF could not be made" in page
