"""Alarms that called, and what people did about each."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.alerts.models import Alert
from clinic.dosing.models.events import SessionEvent
from clinic.dosing.models.sessions import DosingSession
from clinic.people.models import User

TIERS = ("A1", "A2", "A3")
PAUSE_AT_MOST_S = 120


class RaisedAlarm(models.Model):
    """An alarm, raised by one event. The row never changes; steps are added to it.

    was_over: it called at the event's own time and no more when that arrived, so nobody heard it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, related_name="alarms")
    event = models.ForeignKey(SessionEvent, on_delete=models.PROTECT, related_name="alarms")
    rule = models.CharField(max_length=24)
    band = models.CharField(max_length=24, blank=True)
    tier = models.CharField(max_length=2)
    title = models.CharField(max_length=120)
    action = models.CharField(max_length=200)
    latching = models.BooleanField()
    raised_at = models.DateTimeField()
    was_over = models.BooleanField(default=False)
    alert = models.ForeignKey(Alert, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["event", "rule", "band", "tier"], name="dosing_alarm_once_an_event"
            ),
            models.CheckConstraint(condition=Q(tier__in=TIERS), name="dosing_known_tier"),
            models.CheckConstraint(
                condition=Q(tier="A1") | Q(alert__isnull=False), name="dosing_alarm_calls_somebody"
            ),
        ]


class AlarmStepKind(models.TextChoices):
    """What became of an alarm."""

    SEEN = "seen", "Somebody is acting"
    PAUSED = "paused", "Sound paused"
    RESOLVED = "resolved", "Resolved by a person"
    ENDED = "ended", "The readings no longer show it"


class AlarmStep(models.Model):
    """One step. An end is written by the fold, every other one by a person."""

    alarm = models.ForeignKey(RaisedAlarm, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=AlarmStepKind)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    pause_s = models.PositiveSmallIntegerField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["alarm"], condition=Q(kind="ended"), name="dosing_alarm_ends_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="ended") | Q(by__isnull=False), name="dosing_a_person_acts"
            ),
            models.CheckConstraint(
                condition=~Q(kind="resolved") | ~Q(note=""), name="dosing_resolved_in_words"
            ),
            # A pause of sound ends by itself within 120 s. Source: protocol 6.2, mark P.
            models.CheckConstraint(
                condition=(
                    Q(kind="paused") & Q(pause_s__isnull=False, pause_s__range=(1, PAUSE_AT_MOST_S))
                )
                | (~Q(kind="paused") & Q(pause_s__isnull=True)),
                name="dosing_pause_ends",
            ),
        ]
