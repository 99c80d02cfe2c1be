"""What every row of the room carries: when, by whom, from where, and what it corrects."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.people.models import Patient, User


class Source(models.TextChoices):
    """How the clinic came to know."""

    ASKED = "asked", "Asked"
    MEASURED = "measured", "Measured"
    REFERRAL = "referral", "Referral"
    QUESTIONNAIRE = "questionnaire", "Questionnaire"


class Recorded(models.Model):
    """One thing recorded about one person. Never changed or removed: a correction is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    observed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=16, choices=Source)
    origin = models.CharField(max_length=300, blank=True)  # the resource of a referral
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    reason = models.TextField(blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""),
                name="%(app_label)s_%(class)s_correction_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(observed_at__lte=F("recorded_at")),
                name="%(app_label)s_%(class)s_observed_before_recorded",
            ),
        ]
