"""What is due to somebody, by when, whose it is, and what was sent."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.adverse.models.events import AdverseEvent
from clinic.dosing.models import DosingSession
from clinic.people.models import Patient, StaffMember, User

_OPEN = Q(settled_at__isnull=True, voided_at__isnull=True)


class Duty(models.Model):
    """One thing due. Its steps are append-only; this row is only their state.

    row: the id in `kapstone.adverse`. event: the first row of an adverse event. voided_at: what set
    it off no longer holds; why says so. told_at: that it is overdue was told. again_at: since then
    the record differs from what was sent, and it is due once more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="duties")
    row = models.CharField(max_length=32)
    version = models.CharField(max_length=16)
    event = models.ForeignKey(
        AdverseEvent, null=True, on_delete=models.PROTECT, related_name="duties"
    )
    session = models.ForeignKey(
        DosingSession, null=True, on_delete=models.PROTECT, related_name="duties"
    )
    owner = models.ForeignKey(StaffMember, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=80, blank=True)
    told_at = models.DateTimeField(null=True)
    again_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(event__isnull=True, session__isnull=False)
                | Q(event__isnull=False, session__isnull=True),
                name="adverse_due_of_one_thing",
            ),
            models.UniqueConstraint(fields=["event", "row"], name="adverse_due_once_an_event"),
            models.UniqueConstraint(fields=["session", "row"], name="adverse_due_once_a_session"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(voided_at__isnull=True),
                name="adverse_due_settled_or_void",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True) | ~Q(why=""), name="adverse_void_says_why"
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(told_at__gte=F("due_at")),
                name="adverse_told_once_overdue",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=_OPEN, name="adverse_due_open")
        ]

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to do it."""
        return self.settled_at is None and self.voided_at is None


class StepKind(models.TextChoices):
    """What became of it."""

    SENT = "sent", "Sent or told"
    LEFT = "left", "Not sent, for a reason"
    REOPENED = "reopened", "Opened again"


class DutyDiffers(models.Model):
    """What was sent came to differ from the record, or agrees with it again. Append-only.

    what: each field that differs, as it was sent and as it stands; empty where all agrees again.
    by: who charted the change. until: by when it is to be put right.
    """

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="changes")
    what = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True)


class Way(models.TextChoices):
    """How it went."""

    PORTAL = "portal", "By their portal"
    FAX = "fax", "By fax"
    PHONE = "phone", "By telephone"
    MAIL = "mail", "By mail or e-mail"
    IN_PERSON = "in_person", "In person"
    LOG = "log", "Written into the log"


class DutyStep(models.Model):
    """One step, by somebody, with its proof. Never changed or removed.

    done_at, done_by: when it was sent and by whom; at, by: when that was written here and by whom.
    """

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind)
    way = models.CharField(max_length=12, choices=Way, blank=True)
    to_whom = models.CharField(max_length=120, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(StaffMember, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(kind="sent")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(way="") & ~Q(to_whom="")),
                name="adverse_sent_by_somebody",
            ),
            # What went by portal or fax has a number; without it nobody can show that it went.
            models.CheckConstraint(
                condition=~Q(way__in=["portal", "fax"]) | ~Q(reference=""),
                name="adverse_sent_with_its_number",
            ),
            models.CheckConstraint(
                condition=Q(kind="sent") | ~Q(note=""), name="adverse_not_sent_says_why"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(done_at__lte=F("at")),
                name="adverse_sent_before_written",
            ),
        ]
