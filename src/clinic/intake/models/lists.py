"""Lists a person carries: medicines, allergies, antidepressants tried."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.intake.models.rows import Recorded


class CheckedAs(models.TextChoices):
    """What a pharmacist or prescriber said of a name that no table knows."""

    NOT_CHECKED = "", "Not checked"
    SAME_AS = "same_as", "It is a medicine the tables know"
    NO_INTERACTION = "no_interaction", "Checked by hand: it interacts with nothing planned here"


class MedicineEntry(Recorded):
    """One medicine, in the words it was told. `taken` is no for one that was stopped or struck."""

    name = models.CharField(max_length=300)
    ingredients = models.JSONField(default=list)  # where a record's own code spells them out
    route = models.CharField(max_length=40, blank=True)
    daily_dose_mg = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    last_taken_h = models.DecimalField(max_digits=7, decimal_places=1, null=True)
    started_on = models.DateField(null=True)
    raised_on = models.DateField(null=True)  # the last time its dose was raised
    taken = models.BooleanField(default=True)
    told_status = models.CharField(max_length=40, blank=True)  # the record's own word
    checked = models.CharField(max_length=16, choices=CheckedAs, blank=True)
    same_as = models.CharField(max_length=200, blank=True)

    class Meta(Recorded.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Recorded.Meta.constraints,
            models.CheckConstraint(
                condition=Q(checked="same_as") & ~Q(same_as="")
                | ~Q(checked="same_as") & Q(same_as=""),
                name="intake_medicine_same_as_something",
            ),
            models.CheckConstraint(
                condition=Q(checked="") | Q(replaces__isnull=False),
                name="intake_medicine_check_is_a_correction",
            ),
            models.CheckConstraint(
                condition=Q(daily_dose_mg__isnull=True) | Q(daily_dose_mg__gt=0),
                name="intake_medicine_dose_above_zero",
            ),
        ]


class AllergyEntry(Recorded):
    """One substance a person reacts to, as told."""

    substance = models.CharField(max_length=600)
    reaction = models.CharField(max_length=300, blank=True)
    told_status = models.CharField(max_length=40, blank=True)
    stands = models.BooleanField(default=True)

    class Meta(Recorded.Meta):
        pass


class DrugTrial(Recorded):
    """One antidepressant tried: how much, how long, what came of it."""

    drug = models.CharField(max_length=200)
    max_dose = models.CharField(max_length=60, blank=True)
    adequate_dose_weeks = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    response_pct = models.PositiveSmallIntegerField(null=True)
    stopped_because = models.CharField(max_length=300, blank=True)
    adequate = models.BooleanField(null=True)
    stands = models.BooleanField(default=True)

    class Meta(Recorded.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Recorded.Meta.constraints,
            models.CheckConstraint(
                condition=Q(response_pct__isnull=True) | Q(response_pct__lte=100),
                name="intake_trial_response_at_most_100",
            ),
        ]
