"""What is due: kept in step with what set it off, closed with its proof, told once when overdue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from clinic.adverse.models import AdverseEvent, Duty, DutyStep, StepKind
from clinic.alerts import actions as alerts
from clinic.dosing.models import DosingSession
from clinic.people import audit
from clinic.people.models import Patient, StaffMember, User
from kapstone.adverse import Due, DueRow, content
from kapstone.risk import AlertLevel

OVERDUE = "adverse.overdue"
FORM = "AE-FORM"


class DutyClosed(Exception):
    """Somebody closed this meanwhile."""


class DutyOpen(Exception):
    """This is still open: there is nothing to open again."""


@dataclass(frozen=True, slots=True)
class SetOff:
    """What something is due about, and who keeps it. event: the first row of an adverse event."""

    patient: Patient
    owner: StaffMember | None
    event: AdverseEvent | None = None
    session: DosingSession | None = None


def zone() -> ZoneInfo:
    """By whose clock a day is counted."""
    return ZoneInfo(settings.TIME_ZONE)


def row_of(duty: Duty) -> DueRow:
    """What is due, in the words of the rows of this release."""
    return next(row for row in content().due if row.id == duty.row)


def owner(by: User | None) -> StaffMember | None:
    """Whose it is: whoever wrote down what set it off. Nobody, where nobody of staff did."""
    return StaffMember.objects.filter(user=by).first() if by is not None else None


def keep(
    about: SetOff, rows: Collection[str], due: Collection[Due], at: datetime, why: str
) -> None:
    """Make what is newly due, move what moved, and end what is due no longer; `why` says it.

    rows: the ids that are looked at. What was closed stays closed, and what is due once more, since
    it was sent and the record changed, keeps the clock of that.
    """
    held = Duty.objects.select_for_update().filter(
        event=about.event, session=about.session, row__in=rows
    )
    standing = {duty.row: duty for duty in held}
    for one in due:
        duty = standing.pop(one.row.id, None)
        if duty is None:
            _make(about, one, at)
        elif duty.settled_at is None and duty.again_at is None:
            _move(duty, one.due_at)
    for duty in standing.values():
        if duty.is_open and duty.again_at is None:
            duty.voided_at, duty.why = at, why
            duty.save(update_fields=["voided_at", "why"])


def _make(about: SetOff, one: Due, at: datetime) -> None:
    Duty.objects.create(
        patient=about.patient,
        event=about.event,
        session=about.session,
        row=one.row.id,
        version=content().version,
        owner=about.owner,
        made_at=at,
        due_at=one.due_at,
    )


def _move(duty: Duty, due_at: datetime | None) -> None:
    """Due again, or at another moment. One told of as overdue that is not is told of again."""
    if duty.voided_at is None and duty.due_at == due_at:
        return
    duty.voided_at, duty.why, duty.due_at = None, "", due_at
    if duty.told_at is not None and (due_at is None or due_at > duty.told_at):
        duty.told_at = None
    duty.save(update_fields=["voided_at", "why", "due_at", "told_at"])


@transaction.atomic
def take_step(*, step: DutyStep, by: User, at: datetime) -> DutyStep:
    """Sent, left for a reason, or opened again. Raises DutyClosed, DutyOpen."""
    duty = Duty.objects.select_for_update().get(pk=step.duty_id)
    if step.kind == StepKind.REOPENED:
        if duty.settled_at is None:
            raise DutyOpen
        duty.settled_at = None
    elif not duty.is_open:
        raise DutyClosed
    else:
        duty.settled_at, duty.again_at = at, None
    step.at, step.by = at, by.staff
    step.save(force_insert=True)
    duty.save(update_fields=["settled_at", "again_at"])
    told = {"row": duty.row, "kind": str(step.kind)}
    audit.record("due_step", by=by, at=at, patient=duty.patient, subject=duty, **told)
    return step


def waiting() -> QuerySet[Duty]:
    """What nobody has done yet, the soonest first; what has no time limit last."""
    rows = Duty.objects.filter(settled_at=None, voided_at=None)
    return soonest(rows.select_related("patient", "owner__user", "event", "session"))


def soonest(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """In the order in which it is due; what has no time limit last."""
    return rows.order_by(F("due_at").asc(nulls_last=True), "row", "pk")


def tell(now: datetime) -> int:
    """An alert for each that is overdue, once; returns how many."""
    return sum(_tell(duty, now) for duty in _untold(now))


def _untold(now: datetime) -> QuerySet[Duty]:
    return waiting().filter(due_at__lte=now, told_at=None)


@transaction.atomic
def _tell(duty: Duty, now: datetime) -> int:
    """Looked at again under its lock: somebody may have done it just now."""
    late = _untold(now).select_for_update(of=("self",)).filter(pk=duty.pk).first()
    if late is None or late.due_at is None:
        return 0
    row, due = row_of(late), timezone.localtime(late.due_at)
    words = f"Overdue: {row.title}, to {row.to}. Due on {due:%B} {due.day} at {due:%H:%M}."
    cause = alerts.Cause(OVERDUE, AlertLevel(row.overdue), words)
    alerts.raise_alert(cause, patient=late.patient, subject=late, by=None, at=now)
    late.told_at = now
    late.save(update_fields=["told_at"])
    return 1
