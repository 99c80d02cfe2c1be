"""What a prescriber decided: clearances, overrides, and how they ended."""

import uuid
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual

from clinic.episodes.models import Episode
from clinic.people.models import Patient, User

SHORTEST_RATIONALE = 20  # Source: protocol section 0.2, mark P


class Clearance(models.Model):
    """A prescriber's statement that screening lets this person go on.

    For one product, route and highest dose; it holds what was known and what screening said.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="clearances")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="clearances")
    product = models.CharField(max_length=16)
    route = models.CharField(max_length=4)
    dose_ceiling_mg_per_kg = models.DecimalField(max_digits=5, decimal_places=3, null=True)
    dose_ceiling_mg = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    note = models.TextField(blank=True)
    cleared_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField()
    facts_digest = models.CharField(max_length=64)
    screening = models.JSONField()
    version = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(dose_ceiling_mg_per_kg__gt=0, dose_ceiling_mg__isnull=True)
                | Q(dose_ceiling_mg__gt=0, dose_ceiling_mg_per_kg__isnull=True),
                name="intake_clearance_one_ceiling",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("cleared_at")), name="intake_clearance_has_a_term"
            ),
        ]

    @property
    def ceiling(self) -> str:
        """The highest dose in words, with no trailing zero."""
        if self.dose_ceiling_mg_per_kg is not None:
            return f"{self.dose_ceiling_mg_per_kg.normalize():f} mg/kg"
        return f"{(self.dose_ceiling_mg or Decimal(0)).normalize():f} mg"


class ClearanceEventKind(models.TextChoices):
    """What became of a clearance."""

    RESTAMPED = "restamped", "Stands; facts changed"
    LAPSED = "lapsed", "Lapsed"
    ENDED = "ended", "Ended"


class ClearanceEvent(models.Model):
    """One thing that happened to a clearance: it stood through a change, lapsed or was ended."""

    clearance = models.ForeignKey(Clearance, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=ClearanceEventKind)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reasons = models.JSONField(default=list)  # of a lapse, or what differs in a re-stamp
    facts = models.JSONField()
    facts_digest = models.CharField(max_length=64)
    screening = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["clearance"],
                condition=~Q(kind="restamped"),
                name="intake_clearance_ends_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["kind", "clearance"])]


class Override(models.Model):
    """A prescriber goes on in spite of one RELATIVE finding: why, with what plan, until when.

    `of_day`: made on a dosing day upon the signs of its session, and for that day alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="overrides")
    rule = models.CharField(max_length=16)
    band = models.CharField(max_length=120, blank=True)
    because = models.JSONField()  # the rule's inputs as they were
    rationale = models.TextField()
    mitigation = models.TextField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.CharField(max_length=32)
    of_day = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Length("rationale"), SHORTEST_RATIONALE),
                name="intake_override_rationale_long_enough",
            ),
            models.CheckConstraint(condition=~Q(mitigation=""), name="intake_override_has_a_plan"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="intake_override_expires_later"
            ),
        ]


class OverrideEnd(models.Model):
    """An override lapsed because an input of its rule changed. It does not come back."""

    override = models.OneToOneField(Override, on_delete=models.PROTECT, related_name="end")
    at = models.DateTimeField()
    why = models.CharField(max_length=300)
