"""Bedside monitors that send their readings into a session."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.dosing.models.sessions import DosingSession
from clinic.people.models import User


class Monitor(models.Model):
    """One monitor connected to one session, for as long as that goes on.

    It sends by a key of its own, of which only the hash is kept. Until somebody has compared its
    figures with its own display nothing of it is charted: `said` is the last that it sent by then.
    """

    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, related_name="monitors")
    name = models.CharField(max_length=60)
    key_hash = models.CharField(max_length=64, unique=True)
    connected_at = models.DateTimeField()
    connected_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    said = models.JSONField(default=dict)
    said_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="dosing_monitor_confirmed_by_somebody",
            ),
        ]
