"""What was said after a dose, as part of the clinical record. Source: protocol 8.2, mark P."""

import uuid
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from clinic.people.models import Patient, User
from clinic.therapy.models.choosing import Several

LONGEST_MIN = 480  # more is a slip of the hand, mark P


class Debrief(models.Model):
    """A few lines in the person's own words before they leave. Nothing waits for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="debriefs")
    session_id = models.UUIDField()
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(text=""), name="therapy_debrief_has_words"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "session_id"])]


class DangerTold(models.Model):
    """A danger to the person or to somebody else, in words for the chart. Each raises an alert."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="dangers_told")
    words = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(words=""), name="therapy_danger_has_words"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "at"])]


class Outcome(models.TextChoices):
    """Whether an integration visit took place."""

    ATTENDED = "attended", "Attended"
    CANCELLED = "cancelled", "Cancelled"
    NO_SHOW = "no_show", "Did not come"


class Contact(models.TextChoices):
    """How the two of them met."""

    IN_PERSON = "in_person", "In person"
    VIDEO = "video", "By video link"
    PHONE = "phone", "By phone"


class Structure(models.TextChoices):
    """A way of working that a visit may follow; none is held to be better. Source: protocol 8.2."""

    ACT = "act", "Acceptance and commitment (ACT)"
    CBT = "cbt", "Cognitive behavioural (CBT)"
    IFS = "ifs", "Work with inner parts (IFS)"
    MI = "mi", "Motivational interviewing"
    MINDFULNESS = "mindfulness", "Mindfulness"
    TRAUMA = "trauma", "Trauma-focused"
    PSYCHODYNAMIC = "psychodynamic", "Psychodynamic"


class IntegrationVisit(models.Model):
    """One integration visit and its note. A correction is a new row with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="integration_visits"
    )
    session_id = models.UUIDField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    held_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # Empty on a visit from before it was asked, and on one that did not take place.
    contact = models.CharField(max_length=12, choices=Contact, blank=True, default="")
    minutes = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MIN)],
    )
    focus = models.TextField(blank=True)
    insight = models.TextField(blank=True, default="")
    emotion = models.TextField(blank=True, default="")
    behaviour = models.TextField(blank=True, default="")
    next_step = models.TextField(blank=True, default="")
    structures = models.JSONField(default=list, blank=True, validators=[Several(Structure)])
    # 0 not at all, 10 fully: one question in our own words, no published instrument.
    together_score = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(10)]
    )
    homework = models.TextField(blank=True)
    observations = models.TextField(blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="therapy_known_outcome"
            ),
            models.CheckConstraint(
                condition=Q(contact__in=["", *Contact.values]), name="therapy_known_contact"
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__range=(1, LONGEST_MIN)),
                name="therapy_visit_minutes",
            ),
            models.CheckConstraint(
                condition=Q(together_score__isnull=True) | Q(together_score__lte=10),
                name="therapy_together_nought_to_ten",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="attended") | ~Q(focus=""), name="therapy_attended_has_focus"
            ),
            models.CheckConstraint(
                condition=Q(held_at__lte=F("recorded_at")), name="therapy_visit_not_ahead"
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""),
                name="therapy_visit_corrected_with_reason",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "held_at"])]

    def structure_names(self) -> list[str]:
        """The ways of working it followed, as they are called."""
        return [str(Structure(one).label) for one in self.structures]
