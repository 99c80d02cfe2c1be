"""What was said after a dose, as part of the clinical record. Source: protocol 8.2, mark P."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.people.models import Patient, User


class Debrief(models.Model):
    """A few lines in the person's own words before they leave. Nothing waits for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="debriefs")
    session_id = models.UUIDField()
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(text=""), name="therapy_debrief_has_words"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "session_id"])]


class DangerTold(models.Model):
    """A danger to the person or to somebody else, in words for the chart. Each raises an alert."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="dangers_told")
    words = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(words=""), name="therapy_danger_has_words"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "at"])]


class Outcome(models.TextChoices):
    """Whether an integration visit took place."""

    ATTENDED = "attended", "Attended"
    CANCELLED = "cancelled", "Cancelled"
    NO_SHOW = "no_show", "Did not come"


class IntegrationVisit(models.Model):
    """One integration visit and its note. A correction is a new row with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="integration_visits"
    )
    session_id = models.UUIDField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    held_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    focus = models.TextField(blank=True)
    homework = models.TextField(blank=True)
    observations = models.TextField(blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="therapy_known_outcome"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="attended") | ~Q(focus=""), name="therapy_attended_has_focus"
            ),
            models.CheckConstraint(
                condition=Q(held_at__lte=F("recorded_at")), name="therapy_visit_not_ahead"
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""),
                name="therapy_visit_corrected_with_reason",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "held_at"])]
