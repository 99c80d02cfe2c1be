"""What was talked through before a first dose. Source: protocol 8.2 and 8.4, marks S and P."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.people.models import Patient, User


class Preparation(models.Model):
    """One preparation visit. The latest row is what holds; none is ever changed or removed.

    The intention is the person's own: their words, never scored, empty if they would rather not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="preparations")
    held_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    intention = models.TextField(blank=True)
    fears = models.TextField(blank=True)
    stop_word = models.CharField(max_length=60)
    support_name = models.CharField(max_length=200, blank=True)
    support_phone = models.CharField(max_length=32, blank=True)
    set_notes = models.TextField(blank=True)
    setting_notes = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(stop_word=""), name="therapy_stop_word_agreed"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "recorded_at"])]
