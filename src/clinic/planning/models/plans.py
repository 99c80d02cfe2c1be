"""What was decided with the person. Rows are added, never changed."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.episodes.models import Episode
from clinic.people.models import Patient, User

MOST_SESSIONS = 8  # in one series. Source: protocol SER-01, mark S
LEAST_SPACING_DAYS = 2  # 48 hours. Source: protocol SER-01, mark P
MOST_SPACING_DAYS = 90


class Plan(models.Model):
    """One version of a plan: what is treated, with what, how often, at what cost."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="plans")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="plans")
    indication_id = models.CharField(max_length=12)
    rationale = models.TextField(blank=True)
    goals = models.TextField()
    product = models.CharField(max_length=16)
    route = models.CharField(max_length=4)
    dose_model_id = models.CharField(max_length=12)
    sessions = models.PositiveSmallIntegerField()
    spacing_days = models.PositiveSmallIntegerField()
    costs = models.TextField()
    content_version = models.CharField(max_length=32)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(sessions__range=(1, MOST_SESSIONS)), name="planning_sessions_in_range"
            ),
            models.CheckConstraint(
                condition=Q(spacing_days__range=(LEAST_SPACING_DAYS, MOST_SPACING_DAYS)),
                name="planning_spacing_in_range",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""),
                name="planning_change_has_reason",
            ),
            models.UniqueConstraint(
                fields=["episode"],
                condition=Q(replaces__isnull=True),
                name="planning_one_first_plan",
            ),
        ]

    @property
    def agreed_on(self) -> tuple[str, str, str]:
        """What a consent or an order stands and falls with."""
        return self.product, self.route, self.dose_model_id
