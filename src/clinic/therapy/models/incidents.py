"""A concern about how somebody was treated, looked into by somebody who had no part in it.

Source: protocol TCH-06, mark P. No row is ever changed or removed.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.people.models import Patient, StaffMember, User
from clinic.therapy.models.touch import TouchAsked


class Incident(models.Model):
    """Opened by a concern, in the moment in which it is written down."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    concern = models.OneToOneField(TouchAsked, on_delete=models.PROTECT, related_name="incident")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "at"])]


class ReviewerNamed(models.Model):
    """Who looks into an incident. The last one named does; the words are open to nobody else."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reviewers")
    reviewer = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")


class Did(models.TextChoices):
    """What a reviewer did."""

    PERSON = "person", "Spoke with the person"
    SAFE = "safe", "Saw to it that they are safe meanwhile"
    STAFF = "staff", "Heard the staff who were there"
    DUTIES = "duties", "Looked at the duties to report, to board and law"
    CLOSED = "closed", "Closed, with the outcome"


class IncidentStep(models.Model):
    """One thing the reviewer did, in words."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="steps")
    did = models.CharField(max_length=8, choices=Did)
    words = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(did__in=Did.values), name="therapy_known_step"),
            models.CheckConstraint(condition=~Q(words=""), name="therapy_step_has_words"),
            models.UniqueConstraint(
                fields=["incident"], condition=Q(did="closed"), name="therapy_incident_closed_once"
            ),
        ]
