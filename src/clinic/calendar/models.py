"""What the room keeps."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.people.models import Patient, StaffMember, User


class Shift(models.Model):
    """A member of staff is in the house from one moment until another."""

    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="calendar_shift_ends_after_start"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["starts_at", "ends_at"])]


class Appointment(models.Model):
    """A person is expected in a room at a time. What happened then stands in other rooms."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments")
    room = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="calendar_appointment_ends_after_start",
            ),
            models.CheckConstraint(condition=~Q(room=""), name="calendar_appointment_has_room"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["starts_at"])]
