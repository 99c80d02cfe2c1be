"""An alert and the steps people took."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.people.models import Patient, StaffMember
from kapstone.risk import AlertLevel


class Alert(models.Model):
    """Something that must reach a person. The row never changes; steps are added to it.

    Three clocks run from `raised_at`: acknowledged, contacted, disposed. Acknowledging stops
    only the first.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="alerts")
    level = models.CharField(max_length=10, choices=[(str(x), str(x)) for x in AlertLevel])
    code = models.CharField(max_length=64)
    subject = models.CharField(max_length=120)
    message = models.CharField(max_length=300)
    raised_at = models.DateTimeField()
    owner = models.ForeignKey(StaffMember, null=True, on_delete=models.PROTECT, related_name="+")
    backup_due_at = models.DateTimeField(null=True)
    everyone_due_at = models.DateTimeField(null=True)
    first_contact_due_at = models.DateTimeField(null=True)
    disposition_due_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # The same answer sent twice raises one alert.
            models.UniqueConstraint(fields=["subject", "code"], name="alerts_once_a_cause"),
            models.CheckConstraint(
                condition=Q(everyone_due_at__gte=F("backup_due_at")),
                name="alerts_everyone_after_backup",
            ),
        ]


class StepKind(models.TextChoices):
    """What somebody did about an alert."""

    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    TRIED = "tried", "Tried to reach, no answer"
    CONTACTED = "contacted", "Spoke with the person"
    HANDED_OVER = "handed_over", "Handed over"
    DISPOSED = "disposed", "Closed with an outcome"


class AlertStep(models.Model):
    """One step, by one member of staff. Never changed or removed."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16, choices=StepKind)
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    to = models.ForeignKey(StaffMember, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["alert"], condition=Q(kind="disposed"), name="alerts_closed_once"
            ),
            models.CheckConstraint(
                condition=~Q(kind="disposed") | ~Q(note=""), name="alerts_outcome_in_words"
            ),
            models.CheckConstraint(
                condition=Q(kind="handed_over", to__isnull=False)
                | (~Q(kind="handed_over") & Q(to__isnull=True)),
                name="alerts_handed_to_somebody",
            ),
        ]
