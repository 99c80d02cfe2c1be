"""What was talked through before a first dose. Source: protocol 8.2 and 8.4, marks S and P."""

import uuid
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from clinic.people.models import Patient, User
from clinic.therapy.models.choosing import Several

LONGEST_SLEEP_H = 24


class Topic(models.TextChoices):
    """What a preparation visit may cover. Source: protocol 8.2, marks S and P."""

    HISTORY = "history", "Their history, and what they come for"
    EXPECTATIONS = "expectations", "What they hope and fear"
    EFFECTS = "effects", "How the drug is given and what it does"
    INEFFABLE = "ineffable", "That much of it may have no words"
    STOP_SIGN = "stop_sign", "The stop word, tried together"
    TOUCH = "touch", "Touch, and what a therapist never does"
    LOGISTICS = "logistics", "The day: food, drink, medicines, the way home"
    SAFETY_PLAN = "safety_plan", "The safety plan"
    MUSIC = "music", "Music, or silence"
    VALUES = "values", "What matters to them"
    LETTING_GO = "letting_go", "Trusting, letting go, being open"


class Comfort(models.TextChoices):
    """How the room is made for one person. Source: protocol 8.4, mark P."""

    EYESHADE = "eyeshade", "Eyeshade"
    MUSIC = "music", "Music"
    SILENCE = "silence", "No music"
    BLANKET = "blanket", "Blanket"
    DIM = "dim", "Dim light"
    WARM = "warm", "Warm room"
    NEAR = "near", "Therapist within reach"
    DISTANT = "distant", "Therapist further off"


class Preparation(models.Model):
    """One preparation visit. The latest row is what holds; none is ever changed or removed.

    The intention is the person's own: their words, never scored, empty if they would rather not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="preparations")
    held_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    topics = models.JSONField(default=list, blank=True, validators=[Several(Topic)])
    intention = models.TextField(blank=True)
    hopes = models.TextField(blank=True, default="")
    fears = models.TextField(blank=True)
    altered_states = models.TextField(blank=True, default="")
    calming = models.TextField(blank=True, default="")
    stop_word = models.CharField(max_length=60)
    touch_rehearsed = models.BooleanField(default=False)
    support_name = models.CharField(max_length=200, blank=True)
    support_phone = models.CharField(max_length=32, blank=True)
    # Set: 0 calm, 10 as tense as can be, said by the person; no published instrument.
    tension_score = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(10)]
    )
    sleep_hours = models.DecimalField(
        null=True,
        blank=True,
        max_digits=3,
        decimal_places=1,
        validators=[MinValueValidator(0), MaxValueValidator(LONGEST_SLEEP_H)],
    )
    culture = models.TextField(blank=True, default="")
    set_notes = models.TextField(blank=True)
    comforts = models.JSONField(default=list, blank=True, validators=[Several(Comfort)])
    music = models.TextField(blank=True, default="")
    setting_notes = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(stop_word=""), name="therapy_stop_word_agreed"),
            models.CheckConstraint(
                condition=Q(tension_score__isnull=True) | Q(tension_score__lte=10),
                name="therapy_tension_nought_to_ten",
            ),
            models.CheckConstraint(
                condition=Q(sleep_hours__isnull=True) | Q(sleep_hours__range=(0, LONGEST_SLEEP_H)),
                name="therapy_sleep_within_a_day",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "recorded_at"])]

    def topic_names(self) -> list[str]:
        """What was covered, as it is called."""
        return [str(Topic(one).label) for one in self.topics]

    def comfort_names(self) -> list[str]:
        """How the room is made, as it is called."""
        return [str(Comfort(one).label) for one in self.comforts]


class Intention(models.Model):
    """What a person comes with, in their words. The last holds; an empty one takes it back."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="intentions")
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "at"])]
