"""Standing orders of the clinic, as typed and as signed. Rows are added, never changed."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.people.models import Licence, User


class StandingOrder(models.Model):
    """One version of what a nurse may give at a step of an emergency, in the clinic's own words.

    `series`: what its versions have in common. `serves_words`: the step as it read then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.UUIDField(default=uuid.uuid4)
    version = models.PositiveSmallIntegerField()  # of its series, from 1
    pathway = models.CharField(max_length=24)
    step = models.PositiveSmallIntegerField()  # of the pathway, from 1
    serves_words = models.TextField()
    drug = models.CharField(max_length=120)
    dose = models.CharField(max_length=120)
    route = models.CharField(max_length=80)
    conditions = models.TextField(max_length=1000)
    valid_until = models.DateField()  # through that day
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["series", "version"], name="planning_standing_version_once"
            ),
            models.CheckConstraint(
                condition=Q(version__gt=0) & Q(step__gt=0), name="planning_standing_from_one"
            ),
            models.CheckConstraint(
                condition=~Q(drug="") & ~Q(dose="") & ~Q(route="") & ~Q(conditions=""),
                name="planning_standing_says_all",
            ),
            # A dose of it has an order of its own, for one person, under its limits.
            models.CheckConstraint(
                condition=~Q(drug__icontains="ketamin"), name="planning_standing_no_ketamine"
            ),
        ]


class StandingSignature(models.Model):
    """A prescriber answers for one version as it stands. `licence` was in force then."""

    order = models.OneToOneField(StandingOrder, on_delete=models.PROTECT, related_name="signature")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class StandingWithdrawal(models.Model):
    """A version that no longer stands, and why. None of its series comes back by it."""

    order = models.OneToOneField(StandingOrder, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="planning_standing_withdrawn_with_reason"
            )
        ]
