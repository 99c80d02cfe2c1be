"""What was sent and is true no more misleads whoever watches the drug, until it is put right."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from clinic.adverse import actions, again, departures, duties, monitoring
from clinic.adverse.models import AdverseEvent, Duty, DutyDiffers, DutyStep, StepKind, Way
from clinic.dosing import actions as dosing
from clinic.dosing.kinds import Chart
from clinic.dosing.models import DosingSession, SessionEvent
from kapstone.errors import InvalidInput
from tests.clinic import cast
from tests.clinic.adverse import spray
from tests.clinic.dosing.scene import Scene, after

WEEK = timedelta(days=7, hours=-1)  # summer time begins


def _close(day: Scene, duty: Duty, minute: float, **told: object) -> None:
    """Its proof, written at a minute; sent then unless told."""
    known: dict[str, object] = {"kind": StepKind.SENT, "way": Way.FAX, "to_whom": "them"}
    known |= {"reference": f"F{minute}", "done_at": after(minute), "done_by": day.nurse}
    if told.get("kind") == StepKind.LEFT:
        known = {}
    step = DutyStep(duty=duty, **known | told)
    again.close(step=step, by=day.nurse.user, at=after(minute))


def _withdraw(day: Scene, event: SessionEvent, minute: float) -> None:
    told = Chart(uuid4(), "withdrawn", event.observed_at, {}, "", event.pk, "Charted twice")
    dosing.record(session=day.session, chart=told, by=day.nurse.user, at=after(minute))


def _form(day: Scene) -> Duty:
    return Duty.objects.get(session=day.session, row=duties.FORM)


def _pressure(day: Scene) -> SessionEvent:
    return next(row for row in day.events() if row.body.get("sbp") == 150)


@pytest.fixture
def sent(devices: Scene) -> Scene:
    """Two devices, a pressure at 40 minutes, gone at 150, and the form sent at 160."""
    spray.give(devices)
    devices.chart("vitals", after(58), sbp=150, dbp=90, hr=80)
    DosingSession.objects.filter(pk=devices.session.pk).update(phase="discharged")
    devices.reload()
    _close(devices, _form(devices), 160)
    assert not _form(devices).is_open
    return devices


@pytest.mark.hazard(28)
def test_a_reading_corrected_after_the_form_went_opens_it_with_a_clock_of_its_own(
    sent: Scene,
) -> None:
    _withdraw(sent, _pressure(sent), 200)
    duty = _form(sent)
    assert duty.is_open and duty.again_at == after(200)
    assert duty.due_at == after(200) + WEEK
    (change,) = duty.changes.all()
    assert {
        "title": "Blood pressure at about 40 minutes",
        "then": "150/90 mmHg",
        "now": "",
    } in change.what
    assert (change.by, change.at) == (sent.nurse.user, after(200))
    assert duties.tell(after(200) + WEEK) == 1 and duties.tell(after(201) + WEEK) == 0


@pytest.mark.hazard(28)
def test_a_line_is_still_corrected_days_later_and_nothing_new_is_dated_back(sent: Scene) -> None:
    """Found on the fifth day, a slip of the form must be mendable; a date typed wrong is none."""
    late = 5 * 24 * 60
    marked = Chart(
        uuid4(), "artefact", after(58), {"marks": _pressure(sent).number}, "", None, "Cuff"
    )
    dosing.record(session=sent.session, chart=marked, by=sent.nurse.user, at=after(late))
    _withdraw(sent, _pressure(sent), late + 1)
    assert _form(sent).again_at is not None
    with pytest.raises(InvalidInput, match="more than 24 hours ago"):
        sent.chart("vitals", after(late), observed=after(58), hr=80)


@pytest.mark.hazard(28)
def test_sent_again_both_proofs_stand_and_the_second_is_what_counts(sent: Scene) -> None:
    _withdraw(sent, _pressure(sent), 200)
    _close(sent, _form(sent), 220)
    duty = _form(sent)
    assert (duty.is_open, duty.again_at) == (False, None)
    assert [step.reference for step in duty.steps.order_by("pk")] == ["F160", "F220"]
    assert sent.session.monitoring_forms.count() == 2
    sent.chart("vitals", after(230), observed=after(57), sbp=148, dbp=88, hr=80)
    assert _form(sent).again_at == after(230)
    assert duty.changes.count() == 2


@pytest.mark.parametrize("minute", [200, 300])
def test_a_reason_answers_it_and_the_same_difference_asks_no_second_time(
    sent: Scene, minute: float
) -> None:
    _withdraw(sent, _pressure(sent), 190)
    _close(sent, _form(sent), minute, kind=StepKind.LEFT, note="Told them by telephone")
    assert not _form(sent).is_open
    sent.chart("note", after(minute + 1), word="tears")
    assert not _form(sent).is_open


def test_what_agrees_again_is_closed_by_itself_and_both_turns_are_told(sent: Scene) -> None:
    sent.chart("vitals", after(200), observed=after(57), sbp=120, dbp=80, hr=70)
    late = sent.events()[-1]
    assert _form(sent).is_open
    _withdraw(sent, late, 201)
    assert not _form(sent).is_open
    assert [bool(each.what) for each in _form(sent).changes.order_by("pk")] == [True, False]


def test_what_was_charted_between_the_sending_and_its_proof_is_due_again_at_once(
    devices: Scene,
) -> None:
    """Sent at three, charted at four, proof written at five: what went did not hold it."""
    spray.give(devices)
    monitoring.save(session=devices.session, answers={}, by=devices.nurse.user, at=after(60))
    devices.chart("vitals", after(70), observed=after(58), sbp=150, dbp=90, hr=80)
    _close(devices, _form(devices), 90, done_at=after(62))
    assert _form(devices).again_at == after(90)
    assert "Blood pressure at about 40 minutes" in [
        each.title for each in again.differences(_form(devices), after(90))
    ]


def test_a_medicine_begun_next_week_was_none_of_that_day(sent: Scene) -> None:
    assert {"benzodiazepine", "last_name"} <= again.OF_THE_PERSON
    sent.chart("note", after(300), word="speaks")
    assert not _form(sent).is_open


def _event(day: Scene, minute: float = 60, **told: object) -> AdverseEvent:
    event = spray.event(day, **{"judged": True, "criteria": ["hospital"], "grade": 3} | told)
    return actions.record(event=event, by=day.nurse.user, at=after(minute))


def _correct(event: AdverseEvent, day: Scene, minute: float, **told: object) -> AdverseEvent:
    names = ("term", "grade", "judged", "criteria", "onset_at", "aware_at", "outcome")
    held = {name: getattr(event, name) for name in names}
    return _event(day, minute, replaces=event, reason="Seen again", **held | told)


@pytest.mark.hazard(28)
@pytest.mark.parametrize(
    ("told", "title"),
    [
        ({"grade": 4, "criteria": ["life_threatening"]}, "Grade"),
        ({"judged": True, "criteria": []}, "Serious"),
        ({"outcome": "died"}, "What became of it"),
        ({"withdrawn": True}, "Recorded in error"),
    ],
)
def test_what_was_told_of_an_event_that_changes_is_due_again(
    im: Scene, told: dict[str, object], title: str
) -> None:
    """A notice of what was no serious event, or was a death, is put right with its reader."""
    event = _event(im)
    notice = Duty.objects.get(event=event, row="AE-NOTICE")
    _close(im, notice, 80)
    _correct(event, im, 100, **told)
    notice.refresh_from_db()
    assert (notice.is_open, notice.due_at) == (True, after(100) + timedelta(hours=24))
    assert title in [each.title for each in again.differences(notice, after(100))]
    _correct(AdverseEvent.objects.latest("recorded_at"), im, 110, grade=2)
    notice.refresh_from_db()
    assert notice.is_open, "no longer due is said to whoever was told"


def test_an_event_of_the_session_reopens_its_form_and_what_is_not_sent_stays_as_it_was(
    sent: Scene,
) -> None:
    _event(sent, 200, term="Dissociation", criteria=[])
    assert _form(sent).again_at == after(200)
    assert all(duty.again_at is None for duty in Duty.objects.filter(event__isnull=False))


@pytest.mark.parametrize("told", [{"outcome": "died"}, {"grade": 4}, {"grade": 5}])
def test_a_death_counts_as_serious_whatever_was_judged(im: Scene, told: dict[str, object]) -> None:
    event = _event(im, criteria=[], **{"grade": 1} | told)
    due = set(Duty.objects.filter(event=event, voided_at=None).values_list("row", flat=True))
    assert "AE-NOTICE" in due


def test_what_lacked_of_a_departure_is_sent_to_nobody(im: Scene) -> None:
    lacking = Duty(session=im.session, row="DIS-13.risk")
    assert again.differences(lacking, after(1)) == ()
    assert departures.problems(im.session)


def test_how_it_differed_is_never_changed(sent: Scene) -> None:
    _withdraw(sent, _pressure(sent), 200)
    with pytest.raises(DatabaseError), transaction.atomic():
        DutyDiffers.objects.update(what=[])


def test_its_page_says_what_and_when_and_takes_a_reason_where_else_there_is_none(
    sent: Scene,
) -> None:
    duty = _form(sent)
    where = reverse("adverse:due", args=[sent.patient.pk, duty.pk])
    _withdraw(sent, _pressure(sent), 200)
    with time_machine.travel(after(210), tick=False):
        nurse = cast.signed_in(sent.nurse)
        page = nurse.get(where).content.decode()
        assert "<s>150/90 mmHg</s>" in page and "What was sent differs from the record" in page
        assert "Differs from what was sent" in nurse.get("/today/").content.decode()
        assert nurse.post(where, {"kind": "left", "note": ""}).status_code == 422
        assert nurse.post(where, {"kind": "left", "note": "Told by telephone"}).status_code == 302
        page = nurse.get(where).content.decode()
    assert 'id="differs"' not in page and "Where the record moved away from it" in page
    assert _form(sent).settled_at == after(210)
