"""A person who is let go too early may be hurt on the way home."""

from datetime import datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from clinic.adverse import monitoring
from clinic.alerts.models import Alert
from clinic.dosing import discharge, giving, stages
from clinic.dosing.kinds import Chart
from clinic.dosing.models import DosingSession
from clinic.measures import due
from clinic.measures.models import DueItem
from kapstone.dose import Entry
from kapstone.errors import ForbiddenStep
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after


def recover(day: Scene, minute: float, **changed: object) -> None:
    """Everything that discharge asks for, charted in the minutes before."""
    bodies: dict[str, dict[str, object]] = {
        "vitals": {"sbp": 118, "dbp": 78, "hr": 70, "spo2": 98, "rr": 14, "spo2_o2": False},
        "moaas": {"moaas": 5, "oriented_x4": True},
        "nrs": {"dissoc_nrs": 0, "anxiety_nrs": 0, "nausea_nrs": 0, "pain_nrs": 0},
        "aldrete": {"aldrete": 10},
        "padss": {"padss": 10},
        "gait": {"steady": True},
        "screener": {"new_suicidality": False, "mania": False},
        "escort": {"present": True, "who": "Sam, brother"},
        "instruction": {"given": True},
    }
    day.chart("vitals", after(minute - 8), sbp=120, dbp=80, hr=70, spo2=98, rr=14)
    for kind, body in bodies.items():
        known = {key: changed.get(key, value) for key, value in body.items()}
        day.chart(kind, after(minute - 2), **known)


def _propose(day: Scene, at: datetime) -> None:
    discharge.propose(session=day.reload(), by=day.nurse.user, at=at)


@pytest.mark.hazard(14)
@pytest.mark.parametrize(("second", "met"), [(-1, False), (0, True), (1, True)])
def test_the_minimum_time_counts_from_the_last_of_the_dose(
    im: Scene, second: int, met: bool
) -> None:
    im.start()
    recover(im, 134)
    at = after(15 + 120, second)
    if met:
        _propose(im, at)
        discharge.sign(session=im.reload(), by=im.prescriber.user, at=at)
        assert im.reload().phase == "discharged"
    else:
        with pytest.raises(discharge.NotYet, match="DIS-01"):
            _propose(im, at)


@pytest.mark.hazard(14)
@pytest.mark.parametrize(
    ("changed", "criterion"),
    [
        ({"moaas": 4}, "DIS-04"),
        ({"oriented_x4": False}, "DIS-04"),
        ({"steady": False}, "DIS-07"),
        ({"present": False}, "DIS-10"),
        ({"given": False}, "DIS-11"),
        ({"new_suicidality": True}, "DIS-09"),
        ({"sbp": 165, "dbp": 95}, "DIS-05"),
        ({"spo2": 93}, "DIS-06"),
        ({"aldrete": 8}, "DIS-02"),
        ({"nausea_nrs": 4}, "DIS-08"),
    ],
)
def test_one_criterion_unmet_holds_the_proposal(
    im: Scene, changed: dict[str, object], criterion: str
) -> None:
    im.start()
    recover(im, 140, **changed)
    with pytest.raises(discharge.NotYet) as caught:
        _propose(im, after(140))
    assert caught.value.ids == [criterion]


def test_what_was_met_at_the_proposal_must_be_met_at_the_signature(im: Scene) -> None:
    im.start()
    recover(im, 140)
    _propose(im, after(140))
    im.chart("gait", after(141), steady=False)
    with pytest.raises(discharge.NotYet, match="DIS-07"):
        discharge.sign(session=im.reload(), by=im.prescriber.user, at=after(142))


def test_two_people_let_a_person_go(im: Scene) -> None:
    im.start()
    recover(im, 140)
    with pytest.raises(discharge.NotAllowed, match="Nobody has proposed"):
        discharge.sign(session=im.reload(), by=im.prescriber.user, at=after(140))
    discharge.propose(session=im.reload(), by=im.prescriber.user, at=after(140))
    with pytest.raises(discharge.NotAllowed, match="cannot sign it as well"):
        discharge.sign(session=im.reload(), by=im.prescriber.user, at=after(140))


@pytest.mark.hazard(14)
def test_an_override_works_where_its_row_allows_and_needs_a_reason(im: Scene) -> None:
    im.start()
    recover(im, 100)
    who, at = im.prescriber.user, after(100)

    def override(criterion: str, reason: str) -> None:
        discharge.override(session=im.session, criterion=criterion, reason=reason, by=who, at=at)

    with pytest.raises(discharge.NotAllowed, match="reason"):
        override("DIS-01", " ")
    with pytest.raises(discharge.NotAllowed, match="cannot be overridden"):
        override("DIS-10", "Bus is leaving")
    with pytest.raises(discharge.NotAllowed, match="cannot be overridden"):
        override("DIS-99", "No such row")
    override("DIS-01", "Awake for an hour")
    _propose(im, at)
    step = im.session.discharge_steps.get()
    assert step.criteria["DIS-01"] == "overridden"


@pytest.mark.hazard(14)
def test_nobody_shortens_the_two_hours_of_esketamine(devices: Scene) -> None:
    devices.prepare()
    stages.make_ready(session=devices.session, by=devices.nurse.user, at=after(15))
    figures = Entry(Decimal(56), Decimal(70))
    devices.enter(after(16), figures, figures)
    for minute, act in ((17, giving.start_dose), (22, giving.record_part)):
        told = Chart(uuid4(), "device", after(minute), {})
        act(session=devices.session, chart=told, by=devices.nurse.user, at=after(minute))
    devices.chart("vitals", after(57), sbp=120, dbp=80, hr=70)
    recover(devices, 141)
    monitoring.open_form(session=devices.session, by=devices.nurse.user, at=after(141))
    with pytest.raises(discharge.NotAllowed):
        discharge.override(
            session=devices.session,
            criterion="DIS-01",
            reason="In a hurry",
            by=devices.prescriber.user,
            at=after(141),
        )
    with pytest.raises(discharge.NotYet, match=r"^DIS-01$"):
        _propose(devices, after(142) - (after(0, 1) - after(0)))
    _propose(devices, after(142))


def test_leaving_is_charted_and_somebody_is_called(im: Scene) -> None:
    im.start()
    discharge.left_against_advice(
        session=im.reload(), explained="Risk told, can decide", by=im.nurse.user, at=after(40)
    )
    assert im.reload().phase == "left against advice"
    assert Alert.objects.filter(code="session.left", level="immediate").count() == 1


def test_a_handover_ends_the_session_here(im: Scene) -> None:
    im.start()
    discharge.transfer(
        session=im.reload(), handover="Ambulance, told all", by=im.nurse.user, at=after(40)
    )
    assert im.reload().phase == "transferred"


def test_nobody_leaves_before_they_came(im: Scene) -> None:
    with pytest.raises(ForbiddenStep):
        discharge.left_against_advice(
            session=im.session, explained="x", by=im.nurse.user, at=after(1)
        )


def _url(day: Scene, name: str, **more: object) -> str:
    taken = {"patient_id": day.patient.pk, "session_id": day.session.pk} | more
    return reverse(f"dosing:{name}", kwargs=taken)


def _post(client: Client, day: Scene, name: str, **data: str) -> int:
    return client.post(_url(day, name), {"shown_for": str(day.session.pk)} | data).status_code


def test_the_page_says_what_lacks_and_keeps_it_there(im: Scene) -> None:
    nurse, prescriber = cast.signed_in(im.nurse), cast.signed_in(im.prescriber)
    page = nurse.get(_url(im, "discharge"))
    assert b"DIS-10" in page.content
    assert _post(nurse, im, "propose") == 422
    assert _post(nurse, im, "transfer") == 422
    assert _post(nurse, im, "transfer", handover="x") == 422
    assert _post(nurse, im, "sign") == 404
    secret = {"proof-password": cast.PASSWORD}
    assert _post(prescriber, im, "sign", **secret) == 422
    assert _post(prescriber, im, "override", criterion="DIS-10", reason="x") == 422
    assert _post(prescriber, im, "override", criterion="DIS-02", reason="Scale broken") == 302
    assert _post(cast.signed_in(im.prescriber), im, "sign") == 403


@pytest.mark.parametrize(
    ("reader", "words"),
    [("patient", b"Do not drive"), ("escort", b"an adult stays, for 12 hours")],
)
def test_the_sheets_hold_instructions_and_whom_to_call(
    im: Scene, reader: str, words: bytes
) -> None:
    page = cast.signed_in(im.nurse).get(_url(im, "sheet", reader=reader))
    assert words in page.content
    assert b"988" in page.content
    assert cast.signed_in(im.nurse).get(_url(im, "sheet", reader="press")).status_code == 404


def test_the_escorts_sheet_tells_nothing_of_the_session(im: Scene) -> None:
    im.start()
    page = cast.signed_in(im.nurse).get(_url(im, "sheet", reader="escort")).content.lower()
    assert b"ketamine" not in page.split(b"<main", 1)[1]
    assert DosingSession.objects.get().phase == "dosing"


def test_what_would_later_fall_into_quiet_hours_is_asked_before_they_leave(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    im.start()
    later = DueItem(title="That evening", ask="phq9")
    monkeypatch.setattr(due, "before_leaving", lambda patient, now: [later])
    page = cast.signed_in(im.nurse).get(_url(im, "discharge")).content.decode()
    assert "Ask before they leave" in page
    assert "That evening: PHQ-9" in page
    monkeypatch.setattr(due, "before_leaving", lambda patient, now: [])
    page = cast.signed_in(im.nurse).get(_url(im, "discharge")).content.decode()
    assert "Ask before they leave" not in page
