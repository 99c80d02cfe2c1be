"""An adverse event as somebody told it; a correction is a new row."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.dosing.models import DosingSession
from clinic.people.models import Patient, User


class Reporter(models.TextChoices):
    """Who told of it."""

    STAFF = "staff", "Staff saw it"
    PATIENT = "patient", "The person told it, unasked"
    ASKED = "asked", "The person told it when asked"
    OTHER = "other", "Somebody else told it"


class AdverseEvent(models.Model):
    """One event, as known when this row was written. Append-only.

    grade: by the scale's own words and figures. intervention_grade: by what had to be done; the two
    stand apart, because an expected passing rise of pressure is grade 3 by its figures. criteria:
    what makes it serious. judged: somebody said which hold, or that none does. first: the first row
    of this event; empty on that row itself. withdrawn: recorded in error. version: of the rows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="adverse_events")
    session = models.ForeignKey(
        DosingSession, null=True, on_delete=models.PROTECT, related_name="adverse_events"
    )
    product = models.CharField(max_length=16, blank=True)
    inpatient = models.BooleanField(default=False)
    term = models.CharField(max_length=120)
    detail = models.TextField(blank=True)
    onset_at = models.DateTimeField()
    stop_at = models.DateTimeField(null=True, blank=True)
    aware_at = models.DateTimeField()
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    intervention_grade = models.PositiveSmallIntegerField(null=True, blank=True)
    transient_expected = models.BooleanField(default=False)
    criteria = models.JSONField(default=list)
    judged = models.BooleanField(default=False)
    causality = models.CharField(max_length=24, blank=True)
    expectedness = models.CharField(max_length=24, blank=True)
    taken = models.JSONField(default=list)
    outcome = models.CharField(max_length=24, blank=True)
    reporter = models.CharField(max_length=8, choices=Reporter, default=Reporter.STAFF)
    version = models.CharField(max_length=16)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    reason = models.TextField(blank=True)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(term=""), name="adverse_has_a_name"),
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(grade__range=(1, 5)),
                name="adverse_grade_of_five",
            ),
            models.CheckConstraint(
                condition=Q(intervention_grade__isnull=True) | Q(intervention_grade__range=(1, 5)),
                name="adverse_done_grade_of_five",
            ),
            models.CheckConstraint(
                condition=Q(stop_at__isnull=True) | Q(stop_at__gte=F("onset_at")),
                name="adverse_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(aware_at__lte=F("recorded_at")), name="adverse_known_before_recorded"
            ),
            models.CheckConstraint(
                condition=Q(judged=True) | Q(criteria=[]), name="adverse_criteria_are_a_judgement"
            ),
            models.CheckConstraint(
                condition=(Q(replaces__isnull=True, first__isnull=True))
                | (Q(replaces__isnull=False, first__isnull=False) & ~Q(reason="")),
                name="adverse_correction_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(replaces__isnull=False),
                name="adverse_withdraws_another",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["patient", "onset_at"], name="adverse_of_a_person")
        ]

    @property
    def root_id(self) -> uuid.UUID:
        """The first row of this event: what is due hangs on it."""
        return self.first_id or self.pk
