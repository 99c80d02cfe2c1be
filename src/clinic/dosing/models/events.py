"""The event line of a session: append-only, numbered, known by the event's own id."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.dosing.models.sessions import DosingSession
from clinic.people.models import User


class SessionEvent(models.Model):
    """One line. `id` comes from whoever charts it, so that sending it twice is charting it once.

    `body` holds the keys of `kapstone follow`, and the room's own. `by` is empty for a device.
    `clock_offset_s`: how far the sending console's clock was ahead of the clinic's, where it was;
    only the clinic's clock orders.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=24)
    observed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    body = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    replaces = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    reason = models.TextField(blank=True)
    clock_offset_s = models.IntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["session", "number"], name="dosing_event_numbered_once"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="dosing_event_from_one"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""),
                name="dosing_correction_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")),
                name="dosing_event_replaces_another",
            ),
        ]
