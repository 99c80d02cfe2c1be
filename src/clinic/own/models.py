"""What the room keeps: what nobody else opens, and what a person chose to share."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.dosing.models import DosingSession
from clinic.people.models import Patient, User
from clinic.therapy.models import AuthorKey, IntegrationVisit


class Kind(models.TextChoices):
    """What somebody writes for themselves."""

    JOURNAL = "journal", "Journal"
    VALUES = "values", "What matters to me"
    LETTER = "letter", "Letter to myself"


class Writing(models.Model):
    """Sealed words of one person, for nobody else. Deleted, the row is gone.

    Reached through `clinic.own.writings` alone. No table leads here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(AuthorKey, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    sealed = models.TextField()
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    opens_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(sealed=""), name="own_writing_sealed"),
            models.CheckConstraint(
                condition=Q(kind="letter", opens_on__isnull=False)
                | (Q(opens_on__isnull=True) & ~Q(kind="letter")),
                name="own_letters_open_on_a_day",
            ),
            models.UniqueConstraint(
                fields=["author"], condition=Q(kind="values"), name="own_values_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["author", "kind"])]


class Shared(models.Model):
    """A copy that a person gave to those who treat them. It stays in the record as it was given."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="shared_writings")
    writing_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.TextField()
    written_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "at"])]


class HomeworkSaid(models.Model):
    """What a person says of what they took with them from a visit. The last word counts."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="homework_said")
    visit = models.ForeignKey(IntegrationVisit, on_delete=models.PROTECT, related_name="+")
    done = models.BooleanField()
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "at"])]


class Story(models.Model):
    """A session as its therapist tells it to the person, who reads it if they wish.

    The last of a session holds; the earlier stay on record.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="stories")
    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, related_name="stories")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(text=""), name="own_story_has_words")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "at"])]
