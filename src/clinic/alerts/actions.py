"""Writes about alerts: one function an event, each with its audit row."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction

from clinic.alerts import contacts, plans, roster
from clinic.alerts.hours import shorter_clocks, working_hours
from clinic.alerts.models import (
    Alert,
    AlertStep,
    ContactAttempt,
    ContactTry,
    Delivery,
    How,
    PlanAnswer,
    PlanState,
    Result,
    Rung,
    StepKind,
    TierContact,
)
from clinic.people import audit
from clinic.people.models import Patient, StaffMember, User
from kapstone import risk


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an alert is raised. `code` is the rule's, `message` says it in words for staff.

    same_day: its outcome falls due at the end of the day, whatever its level says. told_by: codes
    of graver causes that say this too; where one was raised of the same subject, nobody is told
    again.
    """

    code: str
    level: risk.AlertLevel
    message: str
    same_day: bool = False
    told_by: frozenset[str] = frozenset()


@transaction.atomic
def raise_alert(
    cause: Cause, *, patient: Patient, subject: models.Model, by: User | None, at: datetime
) -> Alert:
    """Raise one alert, name its owner and put the first message in the queue.

    The same cause of the same subject raises one alert, however often it is told. With nobody
    on call the whole clinic is told at once. A suicide tier's later contacts are planned with it.
    """
    told_of = f"{subject._meta.label}:{subject.pk}"
    codes = {cause.code, *cause.told_by}
    known = Alert.objects.filter(subject=told_of, code__in=codes).first()
    if known is not None:
        return known
    ladder = roster.on_call(at)
    due = risk.due_times(cause.level, at, working_hours(), shorter_clocks())
    outcome_by = working_hours().day_end(at) if cause.same_day else due.disposition_due_at
    alert = Alert.objects.create(
        patient=patient,
        level=str(cause.level),
        code=cause.code,
        subject=told_of,
        message=cause.message,
        raised_at=at,
        owner=ladder[0] if ladder else None,
        backup_due_at=due.backup_due_at,
        everyone_due_at=due.everyone_due_at,
        first_contact_due_at=due.first_contact_due_at,
        disposition_due_at=outcome_by,
    )
    tell(alert, Rung.OWNER, ladder[:1], at=at)
    if not ladder:
        tell(alert, Rung.EVERYONE, list(roster.whole_clinic(at)), at=at)
    told = {"code": cause.code, "level": str(cause.level)}
    audit.record("raise_alert", by=by, at=at, patient=patient, subject=alert, **told)
    contacts.plan(alert, by=by)
    return alert


def tell(alert: Alert, rung: Rung, people: list[StaffMember], *, at: datetime) -> None:
    """Queue a message to each person, once a rung."""
    Delivery.objects.bulk_create(
        [Delivery(alert=alert, rung=rung, recipient=person, made_at=at) for person in people],
        ignore_conflicts=True,
    )


class AlertClosed(Exception):
    """The alert already has its outcome."""


class PlanUnsaid(Exception):
    """The outcome says nothing of the safety plan, and at this tier it must."""


class NoPlanOnRecord(Exception):
    """The outcome says that a plan was made or gone through, and none is on record since."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody was tried, and what came of it."""

    how: How
    result: Result

    @property
    def kind(self) -> StepKind:
        """Only somebody who was spoken with was contacted."""
        return StepKind.CONTACTED if self.result == Result.SPOKE else StepKind.TRIED


@dataclass(frozen=True, slots=True)
class Outcome:
    """An alert's outcome in words, and what became of the safety plan where it is asked for."""

    words: str
    plan: PlanState | None = None
    no_plan_why: str = ""


@transaction.atomic
def take_step(
    *,
    alert: Alert,
    kind: StepKind,
    by: StaffMember,
    at: datetime,
    note: str = "",
    to: StaffMember | None = None,
) -> AlertStep:
    """Acknowledge, try, contact, hand over, or close what asks for no safety plan."""
    if kind == StepKind.DISPOSED and plans.asked(alert):
        raise PlanUnsaid
    return _step(AlertStep(alert=alert, kind=kind, by=by, at=at, note=note, to=to))


@transaction.atomic
def record_contact(
    *, alert: Alert, contact: Contact, by: StaffMember, at: datetime, note: str = ""
) -> AlertStep:
    """One attempt to reach the person, with its result.

    Where the alert tells of a contact that nobody made in time, it is an attempt at that too.
    """
    late = contacts.of_subject(alert.subject) if alert.code == contacts.OVERDUE else None
    if late is not None and late.is_open:
        contacts.keep_try(_try(late, contact, by, at, note))
    return _attempt(alert, contact, by, at, note)


@transaction.atomic
def record_try(
    *, task: TierContact, contact: Contact, by: StaffMember, at: datetime, note: str = ""
) -> None:
    """One attempt at a contact after a suicide tier; also on the alert that tells it is overdue."""
    contacts.keep_try(_try(task, contact, by, at, note))
    alert = contacts.alert_of(task)
    if alert is not None and not alert.steps.filter(kind=StepKind.DISPOSED).exists():
        _attempt(alert, contact, by, at, note)


def _attempt(alert: Alert, contact: Contact, by: StaffMember, at: datetime, note: str) -> AlertStep:
    step = _step(AlertStep(alert=alert, kind=contact.kind, by=by, at=at, note=note))
    ContactAttempt.objects.create(step=step, how=contact.how, result=contact.result)
    return step


def _try(
    task: TierContact, contact: Contact, by: StaffMember, at: datetime, note: str
) -> ContactTry:
    return ContactTry(contact=task, how=contact.how, result=contact.result, by=by, at=at, note=note)


@transaction.atomic
def close(*, alert: Alert, outcome: Outcome, by: StaffMember, at: datetime) -> AlertStep:
    """Close with the outcome in words and, at a suicide tier, with what became of the plan."""
    if plans.asked(alert) and outcome.plan is None:
        raise PlanUnsaid
    said = outcome.plan in (PlanState.MADE, PlanState.REVIEWED)
    if said and not plans.on_record(alert.patient, alert.raised_at):
        raise NoPlanOnRecord
    step = _step(AlertStep(alert=alert, kind=StepKind.DISPOSED, by=by, at=at, note=outcome.words))
    if outcome.plan is not None:
        PlanAnswer.objects.create(step=step, state=outcome.plan, why=outcome.no_plan_why)
    return step


def _step(step: AlertStep) -> AlertStep:
    """Add a step; one that closes needs words, which the database holds."""
    alert = step.alert
    if alert.steps.select_for_update().filter(kind=StepKind.DISPOSED).exists():
        raise AlertClosed
    step.save(force_insert=True)
    if step.to is not None:
        tell(alert, Rung.OWNER, [step.to], at=step.at)
    audit.record(
        f"alert {step.kind}", by=step.by.user, at=step.at, patient=alert.patient, subject=alert
    )
    return step
