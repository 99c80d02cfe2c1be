"""One questionnaire asked of one person, within a window."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.measures.models.wordings import ImportedWording
from clinic.people.models import Patient, User


class Assignment(models.Model):
    """A questionnaire to be answered. Its link lives until it is answered or its window closes.

    `link_made_at`: a lost or locked link is made anew; the answers given so far stay.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="assignments")
    instrument = models.CharField(max_length=32)
    instrument_version = models.CharField(max_length=32)
    reason = models.CharField(max_length=60, blank=True)
    link_hash = models.CharField(max_length=64, unique=True)
    link_made_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    wording = models.ForeignKey(  # what it is asked in; empty for a package's
        ImportedWording, null=True, on_delete=models.PROTECT, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="measures_window_has_length"
            )
        ]


class RedeemTry(models.Model):
    """One attempt to open a link with the second fact."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    right = models.BooleanField()


class Helper(models.Model):
    """Somebody else who answers in one visit, with or for the person, and who they say they are."""

    class Kind(models.TextChoices):
        """On whose side they stand."""

        PROXY = "proxy", "Somebody close to them"
        STAFF = "staff", "A member of staff"

    visit = models.OneToOneField(RedeemTry, on_delete=models.PROTECT, related_name="helper")
    kind = models.CharField(max_length=5, choices=Kind)
    words = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(words=""), name="measures_helper_says_who")
        ]


class HelpCall(models.Model):
    """Somebody pressed *I need help now*: on the link of `assignment`, or on their own page."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="help_calls")
    assignment = models.ForeignKey(
        Assignment, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
