"""Who sat beside whom in a session, and what they held when they began."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.people.models.patients import Patient
from clinic.people.models.staff import StaffMember


class AtTheChair(models.Model):
    """Written when somebody first charts in a session. `roles` are those they acted in then.

    `session_id` is the dosing room's: this room knows no more of a session than that.
    """

    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="chairs")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    session_id = models.UUIDField()
    roles = models.JSONField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["staff", "session_id"], name="people_one_chair_each"),
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at")), name="people_chair_ends_after_start"
            ),
        ]
