"""A form that says more than was charted, or is believed sent, deceives who watches the drug."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from clinic.adverse import actions, duties, monitoring
from clinic.adverse.models import Duty, MonitoringForm
from clinic.dosing import actions as dosing
from clinic.dosing import discharge, kinds
from clinic.dosing.kinds import Chart
from clinic.dosing.models import SessionEvent
from clinic.intake import actions as intake
from clinic.intake.models import Source
from tests.clinic.adverse import spray
from tests.clinic.dosing.scene import Scene, after
from tests.clinic.dosing.test_discharge import recover
from tests.clinic.intake import screened

FORM = "AE-FORM"


def _withdraw(day: Scene, event: SessionEvent, minute: float) -> None:
    told = Chart(uuid4(), "withdrawn", event.observed_at, {}, "", event.pk, "Charted twice")
    dosing.record(session=day.session, chart=told, by=day.nurse.user, at=after(minute))


def _duty(day: Scene) -> Duty:
    return Duty.objects.get(session=day.session, row=FORM)


def _save(day: Scene, minute: float, **answers: str) -> MonitoringForm:
    return monitoring.save(
        session=day.session, answers=answers, by=day.nurse.user, at=after(minute)
    )


@pytest.mark.hazard(28)
def test_its_seven_days_run_from_the_first_device(devices: Scene) -> None:
    assert not Duty.objects.exists()
    first, _ = spray.give(devices)
    assert _duty(devices).due_at == after(17) + timedelta(days=7, hours=-1), "summer time begins"
    assert _duty(devices).owner == devices.nurse
    _withdraw(devices, first, 30)
    assert _duty(devices).due_at == after(22) + timedelta(days=7, hours=-1)


def test_devices_charted_in_error_leave_nothing_due(devices: Scene) -> None:
    for event in spray.give(devices):
        _withdraw(devices, event, 30)
    assert not _duty(devices).is_open
    assert _duty(devices).why


def test_a_racemic_session_has_no_form(im: Scene) -> None:
    im.start()
    assert not Duty.objects.exists()
    assert monitoring.at_the_door(im.session) is None
    assert monitoring.open_form(session=im.session, by=im.nurse.user, at=after(60)) is None


@pytest.mark.hazard(28)
def test_nobody_is_let_go_before_the_form_is_open_and_one_tap_opens_it(devices: Scene) -> None:
    spray.give(devices)
    devices.chart("vitals", after(57), sbp=120, dbp=80, hr=70)
    recover(devices, 150)
    with pytest.raises(discharge.NotYet) as caught:
        discharge.propose(session=devices.reload(), by=devices.nurse.user, at=after(150))
    assert caught.value.ids == ["DIS-12"]
    with pytest.raises(discharge.NotAllowed):
        discharge.override(
            session=devices.session,
            criterion="DIS-12",
            reason="Later",
            by=devices.prescriber.user,
            at=after(150),
        )
    assert monitoring.open_form(session=devices.session, by=devices.nurse.user, at=after(151))
    assert not monitoring.open_form(session=devices.session, by=devices.nurse.user, at=after(151))
    step = discharge.propose(session=devices.reload(), by=devices.nurse.user, at=after(152))
    assert step.criteria["DIS-12"] == "met"


def test_it_is_filled_from_the_line_and_names_what_nobody_charted(
    devices: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kinds.ADDED, "device", ("lot",))  # type: ignore[arg-type]  # a dict
    spray.give(devices, lot="A-17")
    devices.chart("vitals", after(58), sbp=150, dbp=90, hr=80, spo2=95)
    devices.chart("moaas", after(59), moaas=4)
    told = spray.event(devices, term="Dissociation", judged=True)
    actions.record(event=told, by=devices.nurse.user, at=after(61))
    sheet = monitoring.sheet(devices.session, after(70))
    words = {line.field.id: line.words for line in sheet.lines if line.words}
    assert words["dose"] == "56 mg"
    assert words["day"] == "Mar 4, 2026"
    assert words["pressure_before"] == "120/80 mmHg"
    assert words["pressure_40"] == "150/90 mmHg"
    assert words["sedation"] == words["dissociation"] == "yes"
    assert words["lots"] == "A-17, A-17"
    assert words["comment"] == "Events: Dissociation."
    assert words["monitor"] == devices.nurse.name
    for name in ("breathing", "total_min", "pressure_end", "benzodiazepine", "serious"):
        assert name not in words, "open, and never a no"
    assert "Respiratory depression" in sheet.open


def test_one_device_without_its_lot_leaves_the_lots_open(devices: Scene) -> None:
    spray.give(devices)
    assert "Lot of each device" in monitoring.sheet(devices.session, after(70)).open


@pytest.mark.hazard(28)
def test_a_line_corrected_after_saving_shows_that_the_form_differs(devices: Scene) -> None:
    spray.give(devices)
    devices.chart("vitals", after(30), sbp=130, dbp=84)
    read = devices.chart("vitals", after(58), sbp=150, dbp=90, hr=80)
    _save(devices, 60, breathing="no", ready_min="75")
    assert monitoring.sheet(devices.session, after(61)).differs == ()
    _withdraw(devices, read, 62)
    sheet = monitoring.sheet(devices.session, after(63))
    assert [(each.field.id, each.then, each.now) for each in sheet.differs] == [
        ("pressure_40", "150/90 mmHg", "")
    ]
    devices.chart("vitals", after(64), sbp=140, dbp=88, hr=80, spo2=97)
    sheet = monitoring.sheet(devices.session, after(65))
    assert [each.now for each in sheet.differs] == ["140/88 mmHg"]
    assert "oximetry" in [each.field.id for each in sheet.come]
    saved = _save(devices, 66, comment="typed", dose="typed")
    assert saved.number == 2
    assert saved.answers["breathing"] == "no", "what was said before stays said"
    assert "dose" not in saved.answers, "what the record fills nobody types"
    assert monitoring.sheet(devices.session, after(67)).differs == ()


def test_what_was_saved_is_never_changed(devices: Scene) -> None:
    spray.give(devices)
    saved = _save(devices, 60)
    with pytest.raises(DatabaseError), transaction.atomic():
        MonitoringForm.objects.filter(pk=saved.pk).update(answers={})


def test_after_they_went_the_minutes_stand_there(devices: Scene) -> None:
    spray.give(devices)
    devices.chart("vitals", after(57), sbp=120, dbp=80, hr=70)
    recover(devices, 150)
    _save(devices, 150)
    discharge.propose(session=devices.reload(), by=devices.nurse.user, at=after(150))
    discharge.sign(session=devices.reload(), by=devices.prescriber.user, at=after(152))
    words = {
        line.field.id: line.words for line in monitoring.sheet(devices.session, after(160)).lines
    }
    assert (words["total_min"], words["since_last_min"]) == ("135", "130")


@pytest.mark.hazard(28)
def test_a_form_nobody_sent_in_seven_days_is_told_once(devices: Scene) -> None:
    spray.give(devices)
    _save(devices, 60)
    late = after(17) + timedelta(days=7)
    assert duties.tell(late) == 1
    assert duties.tell(late) == 0


def test_what_the_history_says_yes_to_is_filled_and_its_silence_is_no_no(devices: Scene) -> None:
    how = intake.How(after(0), Source.ASKED)
    intake.record_facts(
        patient=devices.patient,
        answers={"patient_rems_enrolled": True},
        how=how,
        by=devices.nurse.user,
        at=after(0),
    )
    screened.takes(devices.patient, devices.nurse, "lorazepam", after(0))
    words = monitoring.fill(devices.session, after(5))
    assert (words["enrolled"], words["benzodiazepine"]) == ("yes", "yes")
    assert "opioid" not in words
    assert "dose" not in words, "no device yet"
