"""Letting a person go: proposed by one, signed by another who may."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.dosing.models.sessions import DosingSession
from clinic.people.models import User


class DischargeStepKind(models.TextChoices):
    """What was done towards the door."""

    PROPOSED = "proposed", "Proposed"
    SIGNED = "signed", "Signed"


class DischargeStep(models.Model):
    """One step, with the criteria as they stood: each id with its state."""

    session = models.ForeignKey(
        DosingSession, on_delete=models.PROTECT, related_name="discharge_steps"
    )
    kind = models.CharField(max_length=10, choices=DischargeStepKind)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    criteria = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["session"], condition=Q(kind="signed"), name="dosing_signed_out_once"
            )
        ]
