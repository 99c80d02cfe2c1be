"""What is due after a dose, and the calls that asked how somebody is."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.episodes.models import Episode
from clinic.people.models import Patient, User
from kapstone.schedule import Way


class DueItem(models.Model):
    """One thing to be asked of one person within its window, as the schedule's clock gives it.

    `anchor`: the session whose dose it follows, a day of the calendar, or nothing. `zone`: by
    whose clocks its window stands. `sent_at`: a mail server took the message. `told_at`: staff
    were told that it was missed. `answered_at`: as `clinic.measures.answered` keeps it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="due_items")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="due_items")
    row = models.CharField(max_length=16)
    title = models.CharField(max_length=80)
    schedule_version = models.CharField(max_length=32)
    ask = models.CharField(max_length=32)
    way = models.CharField(max_length=8, choices=[(str(way), str(way)) for way in Way])
    anchor = models.CharField(max_length=40, blank=True)
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=64)
    voided_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["episode", "row", "ask", "anchor"], name="measures_asked_once_an_anchor"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("opens_at"))
                & (Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at"))),
                name="measures_due_within_its_window",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, why="")
                | (Q(voided_at__isnull=False) & ~Q(why="")),
                name="measures_void_has_its_reason",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(  # by the end: of what opened long ago nearly all has closed
                fields=["closes_at", "opens_at"],
                condition=Q(voided_at__isnull=True, answered_at__isnull=True),
                name="measures_open_by_end",
            )
        ]


class Told(models.TextChoices):
    """What somebody said to a question of the call."""

    NO = "no", "No"
    YES = "yes", "Yes"
    NOT_ASKED = "not_asked", "Not asked, or no answer"


class CheckIn(models.Model):
    """One call after a dose. Never changed or removed; another call is another row.

    Reached: what they said and each question's answer stand here. Not reached: none of it.
    """

    item = models.ForeignKey(DueItem, on_delete=models.PROTECT, related_name="calls")
    reached = models.BooleanField()
    said = models.TextField(blank=True)
    unwell = models.CharField(max_length=9, choices=Told, blank=True)
    unwell_words = models.TextField(blank=True)
    thoughts = models.CharField(max_length=9, choices=Told, blank=True)
    driven = models.CharField(max_length=9, choices=Told, blank=True)
    called_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(reached=False, said="", unwell="", thoughts="", driven="")
                | (Q(reached=True) & ~Q(said="") & ~Q(unwell="") & ~Q(thoughts="") & ~Q(driven="")),
                name="measures_call_says_what_was_asked",
            ),
            models.CheckConstraint(
                condition=~Q(unwell="yes") | ~Q(unwell_words=""),
                name="measures_adverse_event_in_words",
            ),
            models.CheckConstraint(
                condition=Q(called_at__lte=F("recorded_at")), name="measures_call_was_before"
            ),
        ]


class DailyWish(models.Model):
    """From now on somebody wishes, or no longer wishes, to be asked every day. The last counts."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="daily_wishes")
    wanted = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
