"""Writes about adverse events: recorded as told, corrected by a new row, never altered."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from clinic.adverse import again, duties
from clinic.adverse.models import AdverseEvent, AskedRound, Reporter
from clinic.alerts import actions as alerts
from clinic.dosing.models import DosingSession
from clinic.people import audit
from clinic.people.models import Patient, User
from kapstone import adverse
from kapstone.adverse.rows import About
from kapstone.risk import AlertLevel

SERIOUS = "adverse.serious"
_ROWS = tuple(row.id for row in adverse.content().due if row.about is About.EVENT)


class EventMoved(Exception):
    """Somebody corrected this event meanwhile."""


@transaction.atomic
def record(*, event: AdverseEvent, by: User, at: datetime) -> AdverseEvent:
    """Write one event, or a correction of one that `event.replaces` names.

    The same id sent twice is written once. Raises EventMoved where a newer row stands, and
    InvalidInput for a criterion that nobody knows.
    """
    Patient.objects.select_for_update().get(pk=event.patient_id)  # two who save take turns
    known = AdverseEvent.objects.filter(pk=event.pk).first()
    if known is not None:
        return known
    if event.replaces is not None:
        if AdverseEvent.objects.filter(replaces=event.replaces).exists():
            raise EventMoved
        event.first_id = event.replaces.root_id
    event.judged = adverse.serious(event.criteria, event.judged) is not None
    grave = happened(event).serious
    event.recorded_at, event.by, event.version = at, by, adverse.content().version
    event.save(force_insert=True)
    _keep_due(event, by, at)
    again.look_at_event(event, by, at)
    if grave and not event.withdrawn:
        _call(event, by, at)
    action = "withdraw_adverse_event" if event.withdrawn else "record_adverse_event"
    audit.record(action, by=by, at=at, patient=event.patient, subject=event, serious=grave)
    return event


def _keep_due(event: AdverseEvent, by: User, at: datetime) -> None:
    """What is due hangs on the event's first row, and follows its newest."""
    first = AdverseEvent.objects.get(pk=event.root_id)
    about = duties.SetOff(event.patient, duties.owner(by), event=first)
    found = () if event.withdrawn else adverse.due_of_event(happened(event), duties.zone())
    why = "recorded in error" if event.withdrawn else "the event was corrected: no longer due"
    duties.keep(about, _ROWS, found, at, why)


def happened(event: AdverseEvent) -> adverse.Happened:
    """What the core reads of it: the grade by what had to be done, else by the scale."""
    grade = event.intervention_grade or event.grade
    said = adverse.serious(event.criteria, event.judged)
    return adverse.Happened(
        term=event.term,
        aware_at=event.aware_at,
        serious=adverse.counts_as_serious(said, grade, event.outcome),
        grade=grade,
        product=event.product,
        inpatient=event.inpatient,
    )


def _call(event: AdverseEvent, by: User, at: datetime) -> None:
    cause = alerts.Cause(
        SERIOUS,
        AlertLevel.URGENT,
        "A serious adverse event is on record. What is due to whom stands on it, with its times.",
    )
    first = AdverseEvent.objects.get(pk=event.root_id)
    alerts.raise_alert(cause, patient=event.patient, subject=first, by=by, at=at)


@transaction.atomic
def ask_round(
    *, session: DosingSession, answers: dict[str, bool], by: User, at: datetime
) -> AskedRound:
    """What was asked by name after a session. Each yes becomes an event that is still ungraded."""
    made = AskedRound.objects.create(
        session=session, answers=answers, version=adverse.content().version, at=at, by=by
    )
    for term in (name for name, said in answers.items() if said):
        event = AdverseEvent(
            id=uuid4(),
            patient=session.patient,
            session=session,
            product=session.product,
            term=term,
            onset_at=at,
            aware_at=at,
            reporter=Reporter.ASKED,
        )
        record(event=event, by=by, at=at)
    audit.record("ask_round", by=by, at=at, patient=session.patient, subject=made)
    return made
