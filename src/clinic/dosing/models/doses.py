"""Two people type a dose, each without seeing the other's figures."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.dosing.models.sessions import DosingSession
from clinic.people.models import User


class DoseEntry(models.Model):
    """What one person typed. Kept whether or not the two agree; shown to nobody on the console."""

    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, related_name="entries")
    order_id = models.UUIDField()
    attempt_number = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=6, choices=[("first", "First"), ("second", "Second")])
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    dose_mg = models.DecimalField(max_digits=8, decimal_places=2)
    weight_kg = models.DecimalField(max_digits=6, decimal_places=2)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["session", "attempt_number", "place"], name="dosing_one_entry_a_place"
            ),
            models.UniqueConstraint(
                fields=["session", "attempt_number", "by"], name="dosing_two_people_are_two"
            ),
            models.CheckConstraint(
                condition=Q(dose_mg__gt=0) & Q(weight_kg__gt=0), name="dosing_entry_above_zero"
            ),
        ]


class DoseCheck(models.Model):
    """Two entries that agree with each other, the order and the weight of the day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, related_name="checks")
    order_id = models.UUIDField()
    dose_mg = models.DecimalField(max_digits=8, decimal_places=2)
    weight_kg = models.DecimalField(max_digits=6, decimal_places=2)
    hard_max_mg = models.DecimalField(max_digits=8, decimal_places=2)
    first = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(first=F("second")), name="dosing_check_by_two_people"
            ),
            models.CheckConstraint(
                condition=Q(dose_mg__lte=F("hard_max_mg")), name="dosing_check_under_hard_limit"
            ),
        ]
