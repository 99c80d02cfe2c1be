"""What the room keeps."""

import uuid
from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.people.models import Patient, User
from kapstone import pathway


def _words(stages: type[StrEnum]) -> list[tuple[str, str]]:
    return [(str(stage), str(stage).capitalize()) for stage in stages]


class Episode(models.Model):
    """One person's care from referral to its end. One at a time is open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="episodes")
    stage = models.CharField(max_length=24, choices=_words(pathway.Episode))
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["patient"], condition=Q(ended_at__isnull=True), name="episodes_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("opened_at")),
                name="episodes_ends_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[str(stage) for stage in pathway.Episode]),
                name="episodes_known_stage",
            ),
        ]


class EpisodeStep(models.Model):
    """One step from stage to stage. Never changed or removed."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="steps")
    before = models.CharField(max_length=24, blank=True)
    after = models.CharField(max_length=24)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)


class Series(models.Model):
    """A course of dosing sessions under one plan."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="series")
    status = models.CharField(max_length=24, choices=_words(pathway.Series))
    planned_doses = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()


class SeriesDecision(models.Model):
    """A prescriber decided whether and how a series goes on. Never changed or removed.

    keys: the evaluations and holds that waited, or, where a closer booking is allowed, the findings
    it is allowed in spite of. told: what was seen then, in words.
    """

    class Choice(models.TextChoices):
        """What was decided."""

        CONTINUE = "continue", "Go on as planned"
        CHANGE = "change", "Change dose or route"
        PAUSE = "pause", "Pause"
        END = "end", "End the treatment"
        CLOSER = "closer", "One booking closer or more often"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="decisions")
    choice = models.CharField(max_length=12, choices=Choice)
    keys = models.JSONField()
    told = models.JSONField()
    rationale = models.TextField()
    allows_from = models.DateTimeField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(rationale=""), name="episodes_decision_has_rationale"
            ),
            models.CheckConstraint(
                condition=Q(choice="closer", allows_from__isnull=False)
                | Q(choice__in=("continue", "change", "pause", "end"), allows_from__isnull=True),
                name="episodes_known_decision",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["episode", "at"])]


class StandingDoses(models.Manager["GivenDose"]):
    """Every row but those that only say that none was given: no query counts one as a dose."""

    def get_queryset(self) -> models.QuerySet["GivenDose"]:
        """The rows that tell a dose, corrected ones among them."""
        return super().get_queryset().filter(taken_back=False)


class GivenDose(models.Model):
    """What every room must know of a dose: written by the session, corrected by a new row.

    taken_back: the row it replaces was charted in error, and no dose was given.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="doses")
    session_id = models.UUIDField()
    product = models.CharField(max_length=16)
    route = models.CharField(max_length=4)
    dose_mg = models.DecimalField(max_digits=8, decimal_places=2)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    stopped_early = models.BooleanField(default=False)
    taken_back = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )

    objects = StandingDoses()
    every: ClassVar[models.Manager["GivenDose"]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(taken_back=False) | Q(replaces__isnull=False),
                name="episodes_taken_back_names_the_dose",
            ),
            models.CheckConstraint(condition=Q(dose_mg__gt=0), name="episodes_dose_above_zero"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="episodes_dose_ends_after_start",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["episode", "started_at"])]
