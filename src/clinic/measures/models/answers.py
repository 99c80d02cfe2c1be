"""What was answered, and what it scored. Rows are added, never changed."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.measures.models.assignments import Assignment
from clinic.people.models import Patient, User


class Answer(models.Model):
    """One item answered on the way; the last one counts. `value` is empty for a skipped item."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="answers")
    item = models.CharField(max_length=32)
    value = models.SmallIntegerField(null=True)
    at = models.DateTimeField()


class QuestionnaireResponse(models.Model):
    """A questionnaire as answered, with its scores and the versions that made them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="responses")
    assignment = models.OneToOneField(
        Assignment, null=True, on_delete=models.PROTECT, related_name="response"
    )
    instrument = models.CharField(max_length=32)
    instrument_version = models.CharField(max_length=32)
    wording = models.CharField(max_length=200, blank=True)
    observed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    answers = models.JSONField()
    scores = models.JSONField()
    bands = models.JSONField()
    missing = models.JSONField(default=list)
    marks = models.JSONField(default=dict)  # what is said beside a score, by score id
    entered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""),
                name="measures_correction_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(assignment__isnull=False) | Q(entered_by__isnull=False),
                name="measures_response_has_a_hand",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["patient", "instrument", "observed_at"])
        ]


class SheetHand(models.Model):
    """Who gave the answers of a sheet that staff entered. Never changed or removed."""

    class Kind(models.TextChoices):
        """Whose hand or voice it was."""

        SELF = "self", "The person wrote it themselves"
        STAFF = "staff", "Somebody of the staff read it out to them"
        PROXY = "proxy", "Somebody close to them answered"
        RATED = "rated", "Somebody of the staff rated it"

    response = models.OneToOneField(
        QuestionnaireResponse, on_delete=models.PROTECT, related_name="hand"
    )
    kind = models.CharField(max_length=5, choices=Kind)
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind="self", words="") | (~Q(kind="self") & ~Q(words="")),
                name="measures_sheet_hand_says_who",
            )
        ]
