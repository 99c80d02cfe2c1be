"""The monitoring form of one session, each time it was saved."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.dosing.models import DosingSession
from clinic.people.models import User


class MonitoringForm(models.Model):
    """The form as it was saved. Saved again is another row; the newest stands. Append-only.

    charted: what the record filled then, by field. answers: what a person said, by field.
    line_number: the last event of the session's line that it was filled from.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(
        DosingSession, on_delete=models.PROTECT, related_name="monitoring_forms"
    )
    number = models.PositiveSmallIntegerField()
    version = models.CharField(max_length=16)
    charted = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    line_number = models.PositiveIntegerField()
    saved_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["session", "number"], name="adverse_form_numbered"),
            models.CheckConstraint(condition=Q(number__gt=0), name="adverse_form_from_one"),
        ]
