"""What the room keeps."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.calendar.models import Appointment
from clinic.people.models import Patient, User


class LineSaid(models.Model):
    """What somebody said of one line before one appointment. The last word counts; none is lost.

    It belongs to the appointment: where that is moved, everything is asked anew.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="lines_said")
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="lines_said"
    )
    line = models.CharField(max_length=12)
    ready = models.BooleanField()
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(line=""), name="readying_names_a_line")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["appointment", "line"])]
