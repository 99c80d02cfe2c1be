"""The papers of a session: what they leave out, nobody reads again."""

import builtins
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from clinic.adverse import actions, duties
from clinic.adverse.models import Departure, Duty
from clinic.dosing import actions as dosing
from clinic.dosing import answers, discharge
from clinic.dosing.kinds import Chart
from tests.clinic import cast
from tests.clinic.adverse import spray
from tests.clinic.adverse.pages import LATER, local, shown_for, text_of, url_of
from tests.clinic.dosing.scene import Scene, after
from tests.clinic.dosing.test_discharge import recover


@time_machine.travel(LATER, tick=False)
def test_the_monitoring_form_is_saved_from_the_door_and_completed(devices: Scene) -> None:
    spray.give(devices)
    nurse = cast.signed_in(devices.nurse)
    door = text_of(
        nurse, reverse("dosing:discharge", args=[devices.patient.pk, devices.session.pk])
    )
    assert "Open and save the form" in door
    page = nurse.post(
        url_of(devices, "save_form"), shown_for(devices), follow=True
    ).content.decode()
    for said in ("This is not the official form", "nothing is sent from here", "Due by", "open:"):
        assert said in page
    told = shown_for(devices, **{"field-breathing": "no", "field-ready_min": "70"})
    page = nurse.post(url_of(devices, "save_form"), told, follow=True).content.decode()
    assert 'value="70"' in page
    text = _paper(nurse, url_of(devices, "form_paper"))
    for said in ("56 mg", "open: nobody charted it", "not the official form", "no clinician"):
        assert said in text
    assert cast.signed_in(devices.therapist).post(
        url_of(devices, "save_form"), shown_for(devices)
    ).status_code == 404  # fmt: skip
    duty = Duty.objects.get(row=duties.FORM)
    due = text_of(nurse, url_of(devices, "due", duty.pk))
    assert "questions are open" in due
    told = {
        "done_at": local(after(100)), "way": "fax", "to_whom": "Programme",
        "done_by": str(devices.nurse.pk), "reference": "F-9",
    }  # fmt: skip
    nurse.post(url_of(devices, "due", duty.pk), told)
    assert "reference <strong>F-9</strong>" in text_of(nurse, url_of(devices, "form"))
    assert "F-9" in _paper(nurse, url_of(devices, "form_paper"))


def _paper(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@time_machine.travel(LATER, tick=False)
def test_a_racemic_session_has_no_form_to_open(im: Scene) -> None:
    nurse = cast.signed_in(im.nurse)
    assert nurse.get(url_of(im, "form")).status_code == 404
    assert nurse.post(url_of(im, "save_form"), shown_for(im)).status_code == 404


@time_machine.travel(LATER, tick=False)
def test_leaving_against_advice_with_an_empty_form(im: Scene) -> None:
    nurse = cast.signed_in(im.nurse)
    told = shown_for(im, left_at=local(LATER))
    assert b"is charted after a dose" in nurse.post(url_of(im, "left"), told).content
    im.start()
    page = nurse.post(url_of(im, "left"), told, follow=True).content.decode()
    assert "Charted as missing: capacity, prescriber, risk, escort." in page
    assert nurse.post(url_of(im, "left"), told).status_code == 422, "a second one says why"
    whole = shown_for(
        im, left_at=local(LATER), can_decide="yes", capacity_note="Clear", risk="explained",
        prescriber="Paula", prescriber_called_at=local(after(110)), with_whom="alone",
        comment="None", reason="Added",
    )  # fmt: skip
    page = nurse.post(url_of(im, "left"), whole, follow=True).content.decode()
    assert "everything about it is charted" in page
    ahead = whole | {"prescriber_called_at": local(LATER + timedelta(hours=1))}
    assert b"still to come" in nurse.post(url_of(im, "left"), ahead).content
    assert Departure.objects.count() == 2
    duty = Duty.objects.filter(session=im.session).first()
    assert duty is not None
    assert "Left against advice" in text_of(nurse, url_of(im, "record"))
    assert text_of(nurse, url_of(im, "due", duty.pk))


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
    page = text_of(nurse, url_of(im, "record"))
    assert "<s>Vital signs: Systolic" in page
    for text in (page, _paper(nurse, url_of(im, "record_paper"))):
        for said in ("Cuff slipped", "Withdrawn by line", "nobody answered", "35 mg", "Nausea"):
            assert said in text
    assert "no clinician has reviewed" in _paper(nurse, url_of(im, "record_paper"))


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
    page = text_of(cast.signed_in(devices.nurse), url_of(devices, name))
    assert "The PDF could not be made" in page


def test_the_record_tells_how_long_an_alarm_waited_and_how_they_were_let_go(im: Scene) -> None:
    im.start()
    im.chart("vitals", after(30), sbp=150, dbp=90, hr=80, spo2=91)
    alarm = im.session.alarms.get(rule="ALM-O1")
    answers.answer(alarm=alarm, by=im.nurse, at=after(31, 5))
    before = spray.event(im, onset_at=after(5), aware_at=after(33))
    actions.record(event=before, by=im.nurse.user, at=after(33))
    recover(im, 150)
    discharge.propose(session=im.reload(), by=im.nurse.user, at=after(150))
    discharge.sign(session=im.reload(), by=im.prescriber.user, at=after(151))
    with time_machine.travel(after(160), tick=False):
        nurse = cast.signed_in(im.nurse)
        page = text_of(nurse, url_of(im, "record"))
        event = text_of(nurse, url_of(im, "event", before.pk))
    for said in ("1 min 05 s", "Signed", "DIS-01 Minimum time", "35 mg"):
        assert said in page
    assert "10 min before the dose began" in event
