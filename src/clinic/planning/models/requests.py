"""A dose for use outside the clinic does not exist; that somebody asked for one is kept."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.people.models import Patient, User


class TakeHomeRequest(models.Model):
    """Who asked, for what, and what was answered. It never becomes an order (GRD-02, GRD-03).

    `early`: they said that a supply was lost or ended early.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="take_home_requests"
    )
    asked_by = models.CharField(max_length=200)
    words = models.TextField()
    early = models.BooleanField(default=False)
    answer = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(answer="") & ~Q(asked_by=""),
                name="planning_request_is_answered",
            ),
        ]
