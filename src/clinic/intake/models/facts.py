"""Answers, readings and scores: what the screening rules read."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.intake.models.rows import Recorded
from clinic.people.models import Patient, User


class FactAnswer(Recorded):
    """One answer to one key of `kapstone screen`.

    `value` is empty for "not known yet"; declined is not known either, and remembered.
    """

    key = models.CharField(max_length=64)
    value = models.JSONField(null=True)
    declined = models.BooleanField(default=False)

    class Meta(Recorded.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Recorded.Meta.constraints,
            models.CheckConstraint(
                condition=Q(declined=False) | Q(value__isnull=True),
                name="intake_factanswer_declined_has_no_value",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "key"])]


class PressureReading(Recorded):
    """One blood pressure, both figures."""

    systolic_mmhg = models.DecimalField(max_digits=5, decimal_places=1)
    diastolic_mmhg = models.DecimalField(max_digits=5, decimal_places=1)

    class Meta(Recorded.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Recorded.Meta.constraints,
            models.CheckConstraint(
                condition=Q(systolic_mmhg__gt=F("diastolic_mmhg")),
                name="intake_pressure_systolic_above_diastolic",
            ),
            models.CheckConstraint(
                condition=Q(systolic_mmhg__range=(30, 300), diastolic_mmhg__range=(10, 200)),
                name="intake_pressure_in_range",
            ),
        ]


class EarlierScore(Recorded):
    """A questionnaire answered elsewhere, as a referral tells it."""

    instrument = models.CharField(max_length=32)
    total = models.SmallIntegerField(null=True)
    items = models.JSONField(default=dict)

    class Meta(Recorded.Meta):
        pass


class SuicideScreen(models.Model):
    """The tier that the C-SSRS answers came to at one save.

    Saves of one sitting share the first row as their `sitting`, so that each trigger raises one
    alert a sitting. `finished`: whoever asked said that this is all.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    sitting = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    tier = models.CharField(max_length=10)
    unanswered = models.JSONField()
    version = models.CharField(max_length=32)
    finished = models.BooleanField()
