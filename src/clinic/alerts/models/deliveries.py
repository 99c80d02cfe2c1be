"""Who is to be told of what, by which way, and whether a message went out."""

from typing import ClassVar

from django.db import models

from clinic.alerts.models.alerts import Alert
from clinic.people.models import StaffMember
from clinic.reach.messages import Way


class Rung(models.TextChoices):
    """A step of the ladder."""

    OWNER = "owner", "The owner"
    BACKUP = "backup", "The backup: nobody acknowledged"
    EVERYONE = "everyone", "The whole clinic: still nobody"
    OVERDUE = "overdue", "The person was not reached in time"
    NIGHT = "night", "Nobody is on call for a part of this night"


class Delivery(models.Model):
    """One message to one person, about one alert or one night without cover. The row is the queue.

    Sent means that a server took it: whether it arrived, nobody knows.
    """

    alert = models.ForeignKey(Alert, null=True, on_delete=models.PROTECT, related_name="deliveries")
    night = models.DateField(null=True)  # the day on whose evening nobody was found
    rung = models.CharField(max_length=10, choices=Rung)
    recipient = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=8, choices=Way, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["alert", "rung", "recipient"], name="alerts_told_once_a_rung"
            ),
            models.UniqueConstraint(fields=["night", "recipient"], name="alerts_told_once_a_night"),
            models.CheckConstraint(
                condition=models.Q(rung="night", alert__isnull=True, night__isnull=False)
                | (~models.Q(rung="night") & models.Q(alert__isnull=False, night__isnull=True)),
                name="alerts_about_an_alert_or_a_night",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["made_at"],
                condition=models.Q(sent_at__isnull=True),
                name="alerts_waiting",
            )
        ]
