"""Leaving against advice, as it was charted; what lacked then may be added as another row."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.dosing.models import DosingSession
from clinic.people.models import User


class CanDecide(models.TextChoices):
    """Whether the person could decide for themselves. No answer is no answer."""

    YES = "yes", "Could decide"
    NO = "no", "Could not decide"
    UNCLEAR = "unclear", "Could not be told"


class RiskTold(models.TextChoices):
    """Whether the risk of leaving was explained."""

    EXPLAINED = "explained", "Explained"
    REFUSED = "refused", "They did not want to hear it"
    COULD_NOT = "could_not", "Could not be explained"


class WithWhom(models.TextChoices):
    """Who went with them."""

    ESCORT = "escort", "With their escort"
    EMERGENCY = "emergency", "With emergency services"
    ALONE = "alone", "Alone"


class Departure(models.Model):
    """What was charted of a person who left against advice. Append-only; the newest stands.

    Nothing must be filled: nobody is held, and what is empty is charted as missing. Source: DIS-13.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, related_name="departures")
    number = models.PositiveSmallIntegerField()
    left_at = models.DateTimeField()
    can_decide = models.CharField(max_length=8, choices=CanDecide, blank=True)
    capacity_note = models.TextField(blank=True)
    prescriber = models.CharField(max_length=120, blank=True)
    prescriber_called_at = models.DateTimeField(null=True, blank=True)
    risk = models.CharField(max_length=10, choices=RiskTold, blank=True)
    risk_note = models.TextField(blank=True)
    with_whom = models.CharField(max_length=10, choices=WithWhom, blank=True)
    escort_name = models.CharField(max_length=120, blank=True)
    comment = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["session", "number"], name="adverse_left_numbered"),
            models.CheckConstraint(
                condition=Q(number=1) | (Q(number__gt=1) & ~Q(reason="")),
                name="adverse_left_again_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(left_at__lte=F("saved_at")), name="adverse_left_before_charted"
            ),
        ]
