"""Who is to be told of an alert, by which way, and whether they were."""

from typing import ClassVar

from django.db import models

from clinic.alerts.models.alerts import Alert
from clinic.people.models import StaffMember


class Rung(models.TextChoices):
    """A step of the ladder."""

    OWNER = "owner", "The owner"
    BACKUP = "backup", "The backup: nobody acknowledged"
    EVERYONE = "everyone", "The whole clinic: still nobody"
    OVERDUE = "overdue", "The person was not reached in time"


class Delivery(models.Model):
    """One message to one person about one alert. The row is the queue."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="deliveries")
    rung = models.CharField(max_length=10, choices=Rung)
    recipient = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["alert", "rung", "recipient"], name="alerts_told_once_a_rung"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["made_at"],
                condition=models.Q(delivered_at__isnull=True),
                name="alerts_waiting",
            )
        ]
