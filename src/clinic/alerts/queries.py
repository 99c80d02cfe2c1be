"""Reads about alerts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from clinic.alerts.models import Alert, AlertStep, Delivery, StepKind
from clinic.people.models import Patient, StaffMember
from clinic.people.worded import worded_once
from kapstone.risk import AlertLevel

_ORDER = {str(level): rank for rank, level in enumerate(AlertLevel)}


def _has(*kinds: StepKind) -> Exists:
    return Exists(AlertStep.objects.filter(alert=OuterRef("pk"), kind__in=kinds))


def alerts() -> QuerySet[Alert]:
    """Alerts with what was done about each."""
    steps = AlertStep.objects.select_related("by__user", "to__user", "contact", "plan")
    return Alert.objects.select_related("patient", "owner__user").prefetch_related(
        Prefetch("steps", queryset=steps.order_by("at", "pk"))
    )


def open_alerts() -> QuerySet[Alert]:
    """Alerts without an outcome."""
    return alerts().filter(~_has(StepKind.DISPOSED))


def unacknowledged() -> QuerySet[Alert]:
    """Open alerts that nobody has said they have seen."""
    return open_alerts().filter(~_has(StepKind.ACKNOWLEDGED, StepKind.CONTACTED))


def uncontacted() -> QuerySet[Alert]:
    """Open alerts whose person nobody has spoken with."""
    return open_alerts().filter(~_has(StepKind.CONTACTED))


@dataclass(frozen=True, slots=True)
class Clock:
    """One of an alert's three clocks. `due_at` is None where the level sets none."""

    name: str
    due_at: datetime | None
    done_at: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert as the inbox shows it."""

    alert: Alert
    owner: StaffMember | None
    clocks: tuple[Clock, ...]
    steps: tuple[AlertStep, ...]

    @property
    def heard(self) -> bool:
        """Whether somebody said they have seen it."""
        return self.clocks[0].done_at is not None

    @property
    def closed(self) -> bool:
        """Whether it has its outcome."""
        return self.clocks[-1].done_at is not None

    @property
    def overdue(self) -> bool:
        """Whether any clock has run out."""
        return any(clock.overdue for clock in self.clocks)


def shown(alert: Alert, now: datetime) -> OpenAlert:
    """The fold of an alert and its steps at a moment."""
    steps = tuple(alert.steps.all())
    handed = [step.to for step in steps if step.kind == StepKind.HANDED_OVER]

    def clock(name: str, due: datetime | None, *kinds: StepKind) -> Clock:
        done = next((step.at for step in steps if step.kind in kinds), None)
        return Clock(name, due, done, done is None and due is not None and now > due)

    return OpenAlert(
        alert=alert,
        owner=handed[-1] if handed else alert.owner,
        clocks=(
            clock("Acknowledged", alert.backup_due_at, StepKind.ACKNOWLEDGED, StepKind.CONTACTED),
            clock("Contacted", alert.first_contact_due_at, StepKind.CONTACTED),
            clock("Closed", alert.disposition_due_at, StepKind.DISPOSED),
        ),
        steps=steps,
    )


def told(alert: Alert) -> QuerySet[Delivery]:
    """Who was told of an alert, by which way, and what still waits."""
    return alert.deliveries.select_related("recipient__user").order_by("made_at", "pk")


@worded_once
def _open_of(patient_id: UUID) -> QuerySet[Alert]:
    return open_alerts().filter(patient=patient_id)


_open_everywhere = worded_once(open_alerts)


def inbox(now: datetime, patient: Patient | None = None) -> list[OpenAlert]:
    """Open alerts, the most urgent and longest waiting first."""
    alerts = _open_of(patient.pk) if patient else _open_everywhere()
    return sorted(
        (shown(alert, now) for alert in alerts),
        key=lambda item: (_ORDER[item.alert.level], item.alert.raised_at),
    )
