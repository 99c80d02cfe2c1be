"""A serious event that nobody reports, or a record that changes under the hands of who reads it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from clinic.adverse import actions, duties, queries
from clinic.adverse.models import AdverseEvent, Duty, DutyStep, StepKind, Way
from clinic.alerts.models import Alert
from clinic.people.models import AuditEntry
from tests.clinic.adverse import spray
from tests.clinic.dosing.scene import Scene, after

NOT_SERIOUS = {"judged": True, "grade": 1}


def _record(day: Scene, minute: float = 60, **told: object) -> AdverseEvent:
    event = spray.event(day, **told)
    return actions.record(event=event, by=day.nurse.user, at=after(minute))


def _due(event: AdverseEvent) -> dict[str, Duty]:
    return {duty.row: duty for duty in Duty.objects.filter(event=event.root_id)}


def _correct(event: AdverseEvent, day: Scene, minute: float, **told: object) -> AdverseEvent:
    held = {
        name: getattr(event, name)
        for name in ("term", "grade", "judged", "criteria", "onset_at", "aware_at")
    }
    return _record(day, minute, replaces=event, reason="Seen again", **held | told)


@pytest.mark.hazard(28)
def test_one_tap_records_it_and_what_nobody_judged_is_due_as_if_it_were_serious(im: Scene) -> None:
    event = _record(im)
    due = _due(event)
    assert set(due) == {"AE-NOTICE", "AE-LOG", "AE-MEDWATCH"}
    assert due["AE-NOTICE"].due_at == after(60) + timedelta(hours=24)
    assert due["AE-NOTICE"].owner == im.nurse
    assert due["AE-MEDWATCH"].due_at is None
    shown = queries.shown(event)
    assert shown.serious is None
    assert {"grade", "whether it is serious"} <= set(shown.open)
    assert not Alert.objects.filter(code=actions.SERIOUS).exists(), "nobody said that it is"
    assert AuditEntry.objects.filter(action="record_adverse_event").count() == 1


@pytest.mark.hazard(28)
def test_a_serious_event_calls_once_whatever_is_corrected_of_it(im: Scene) -> None:
    event = _record(im, criteria=["hospital"], judged=True, grade=3)
    again = _correct(event, im, 70, criteria=["hospital", "disability"])
    _correct(again, im, 80, grade=4)
    assert Alert.objects.filter(code=actions.SERIOUS, level="urgent").count() == 1


@pytest.mark.hazard(28)
def test_judged_not_serious_ends_what_was_due_and_serious_after_all_brings_it_back(
    im: Scene,
) -> None:
    event = _record(im)
    mild = _correct(event, im, 70, **NOT_SERIOUS)
    assert all(duty.voided_at == after(70) for duty in _due(event).values())
    _correct(mild, im, 90, criteria=["important"], judged=True)
    assert all(duty.is_open for duty in _due(event).values())
    assert len(_due(event)) == 3, "the same three, not three more"


def test_a_correction_stands_beside_what_it_corrects_and_neither_changes(im: Scene) -> None:
    event = _record(im, **NOT_SERIOUS)
    newer = _correct(event, im, 70, term="Vomiting")
    assert [row.term for row in queries.history(newer)] == ["Nausea", "Vomiting"]
    assert [row.term for row in queries.of_patient(im.patient)] == ["Vomiting"]
    assert queries.newest(event) == newer
    with pytest.raises(actions.EventMoved):
        _correct(event, im, 71, term="Headache")
    for change in ({"term": "Nothing"}, {"judged": False}):
        with pytest.raises(DatabaseError), transaction.atomic():
            AdverseEvent.objects.filter(pk=event.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        AdverseEvent.objects.filter(pk=newer.pk).delete()


def test_recorded_in_error_counts_no_more_and_stays_on_record(im: Scene) -> None:
    event = _record(im)
    gone = _correct(event, im, 70, withdrawn=True)
    assert not queries.of_patient(im.patient)
    assert queries.history(gone) == [event, gone]
    assert not duties.waiting().exists()
    assert AuditEntry.objects.filter(action="withdraw_adverse_event").exists()


def test_two_taps_of_one_form_are_one_event(im: Scene) -> None:
    event_id = uuid4()
    first, second = (_record(im, id=event_id) for _ in range(2))
    assert first.pk == second.pk
    assert AdverseEvent.objects.count() == 1


def test_what_is_impossible_is_held_by_the_database(im: Scene) -> None:
    wrong: list[dict[str, object]] = [
        {"term": ""},
        {"grade": 6},
        {"intervention_grade": 0},
        {"stop_at": after(59)},
        {"aware_at": after(61)},
        {"withdrawn": True},
        {"reason": "", "replaces": _record(im)},
    ]
    for told in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            _record(im, **told)


def test_awareness_corrected_to_an_earlier_hour_moves_the_clock(im: Scene) -> None:
    event = _record(im)
    _correct(event, im, 70, aware_at=after(60), judged=False)
    assert _due(event)["AE-LOG"].due_at == after(60) + timedelta(hours=24)
    newest = queries.newest(event)
    _correct(newest, im, 80, onset_at=after(20), aware_at=after(30), judged=False)
    assert _due(event)["AE-LOG"].due_at == after(30) + timedelta(hours=24)


@pytest.mark.hazard(28)
def test_overdue_is_told_once_and_again_after_its_clock_moved_ahead(im: Scene) -> None:
    event = _record(im)
    late = after(60) + timedelta(hours=24)
    assert duties.tell(late - timedelta(seconds=1)) == 0
    assert duties.tell(late) == 2, "notice and log; MedWatch has no limit"
    assert duties.tell(late + timedelta(days=3)) == 0
    found = Alert.objects.filter(code=duties.OVERDUE).order_by("level")
    assert [alert.level for alert in found] == ["review", "urgent"]
    assert "Internal notice" in found[1].message
    _correct(event, im, 24 * 60 + 61, aware_at=after(120), judged=False)
    assert _due(event)["AE-LOG"].told_at is None


def _sent(duty: Duty, day: Scene, **told: object) -> DutyStep:
    known: dict[str, object] = {
        "duty": duty,
        "kind": StepKind.SENT,
        "way": Way.PHONE,
        "to_whom": "Dr Invented",
        "done_at": after(90),
        "done_by": day.prescriber,
    }
    return duties.take_step(step=DutyStep(**known | told), by=day.nurse.user, at=after(95))


@pytest.mark.hazard(28)
def test_a_report_is_closed_with_who_when_and_how_and_can_be_opened_again(im: Scene) -> None:
    duty = _due(_record(im))["AE-LOG"]
    with pytest.raises(IntegrityError), transaction.atomic():
        _sent(duty, im, done_by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        _sent(duty, im, way=Way.PORTAL)
    _sent(duty, im)
    assert duties.tell(after(60) + timedelta(days=2)) == 1, "the notice alone"
    with pytest.raises(duties.DutyClosed):
        _sent(duty, im)
    again = DutyStep(duty=duty, kind=StepKind.REOPENED, note="The wrong log")
    duties.take_step(step=again, by=im.nurse.user, at=after(99))
    duty.refresh_from_db()
    assert duty.is_open
    with pytest.raises(duties.DutyOpen):
        once = DutyStep(duty=duty, kind=StepKind.REOPENED, note="Twice")
        duties.take_step(step=once, by=im.nurse.user, at=after(99))
    assert [step.kind for step in duty.steps.order_by("pk")] == ["sent", "reopened"]


def test_a_report_that_went_is_due_again_when_the_event_is_corrected(im: Scene) -> None:
    """No longer due and never put right, the log would say for good what was not so."""
    event = _record(im)
    _sent(_due(event)["AE-LOG"], im)
    _correct(event, im, 100, **NOT_SERIOUS)
    log = _due(event)["AE-LOG"]
    assert (log.is_open, log.again_at, log.voided_at) == (True, after(100), None)


def test_what_is_asked_by_name_is_kept_with_its_no_and_each_yes_is_an_event(im: Scene) -> None:
    answers = {"Nausea": True, "Fall": False}
    actions.ask_round(session=im.session, answers=answers, by=im.nurse.user, at=after(150))
    (event,) = queries.of_session(im.session)
    assert (event.term, event.reporter, event.grade) == ("Nausea", "asked", None)
    assert im.session.rounds.get().answers == answers


def test_soon_after_the_dose_is_stated_and_no_cause_is_chosen(im: Scene) -> None:
    im.start()
    event = _record(im)
    shown = queries.shown(event)
    assert shown.soon_after
    assert shown.gone == timedelta(minutes=45)
    assert event.causality == ""
    assert queries.near(im.patient, after(200)) == im.session
    assert queries.near(im.patient, after(15 + 24 * 60 + 1)) is None
