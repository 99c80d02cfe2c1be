"""A safety plan in versions: the newest holds, none is changed or removed.

Source: protocol section 10.1 (six steps, reasons for living, review date). All words are ours.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.people.models import Patient, User


class SafetyPlan(models.Model):
    """One version, made or gone through with the person. An empty step was not talked about."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="safety_plans")
    version = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    unchanged = models.BooleanField(default=False)  # gone through again, and left as it was
    warning_signs = models.TextField()
    own_coping = models.TextField(blank=True)
    distraction = models.TextField(blank=True)
    people_to_ask = models.TextField(blank=True)
    professionals = models.TextField()
    reasons_for_living = models.TextField(blank=True)
    review_on = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["patient", "version"], name="safety_version_once"),
            models.CheckConstraint(
                condition=~Q(warning_signs="") & ~Q(professionals=""), name="safety_says_something"
            ),
        ]


class SafeSurroundings(models.Model):
    """One thing that is put out of reach: what, how, by whom, by when."""

    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="surroundings")
    item = models.CharField(max_length=120)
    action = models.CharField(max_length=200)
    who = models.CharField(max_length=120)
    by_when = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(item="") & ~Q(action="") & ~Q(who=""), name="safety_agreed_whole"
            )
        ]
