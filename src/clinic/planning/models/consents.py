"""What a person agreed to, took back, and said again. Rows are added, never changed."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.people.models import Patient, User
from clinic.planning.models.plans import Plan


class InterpreterWay(models.TextChoices):
    """Where whoever interprets is."""

    PRESENT = "present", "in the room"
    VIDEO = "video", "by video"
    PHONE = "phone", "by phone"


class WitnessWhy(models.TextChoices):
    """Why somebody watched the signing."""

    HAND = "hand", "The person cannot sign by hand"
    INTERPRETER = "interpreter", "It was interpreted"
    CLINIC = "clinic", "The clinic asks for one"


class Consent(models.Model):
    """One signing: each item with its answer, and the hash of what stood on the tablet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="consents")
    text_version = models.CharField(max_length=32)
    document = models.JSONField()
    document_sha256 = models.CharField(max_length=64)
    agreed = models.BooleanField()
    has_capacity = models.BooleanField()
    copy_given = models.BooleanField()
    understands = models.BooleanField(null=True)
    appreciates = models.BooleanField(null=True)
    weighs = models.BooleanField(null=True)
    chooses = models.BooleanField(null=True)
    capacity_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=40)
    interpreter = models.CharField(max_length=200, blank=True)
    interpreter_way = models.CharField(max_length=8, choices=InterpreterWay, blank=True, default="")
    witness = models.CharField(max_length=200, blank=True, default="")
    witness_why = models.CharField(max_length=12, choices=WitnessWhy, blank=True, default="")
    again_because = models.CharField(max_length=300, blank=True, default="")
    signed_name = models.CharField(max_length=200)
    explained_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(has_capacity=True), name="planning_consent_needs_capacity"
            ),
            # Empty in each: signed before its elements were asked one by one.
            models.CheckConstraint(
                condition=Q(
                    understands=True,
                    appreciates=True,
                    weighs=True,
                    chooses=True,
                    capacity_by__isnull=False,
                )
                | Q(
                    understands__isnull=True,
                    appreciates__isnull=True,
                    weighs__isnull=True,
                    chooses__isnull=True,
                    capacity_by__isnull=True,
                ),
                name="planning_capacity_by_its_elements",
            ),
            models.CheckConstraint(
                condition=Q(witness="", witness_why="")
                | (~Q(witness="") & Q(witness_why__in=WitnessWhy.values)),
                name="planning_witness_says_why",
            ),
            models.CheckConstraint(
                condition=Q(interpreter_way="")
                | (
                    ~Q(interpreter="")
                    & ~Q(witness="")
                    & Q(interpreter_way__in=InterpreterWay.values)
                ),
                name="planning_interpreter_is_witnessed",
            ),
            models.CheckConstraint(
                condition=~Q(signed_name=""), name="planning_consent_has_a_name"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("signed_at")), name="planning_consent_expires_later"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["patient", "signed_at"]),
            models.Index(fields=["patient", "expires_at"]),
        ]


class ConsentWithdrawal(models.Model):
    """A person took back their consent: from this moment none given before it holds."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="withdrawals")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)


class ConsentReconfirmation(models.Model):
    """Asked again on the day of a dose, before any drug: the person still wants it."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="reconfirmations")
    session_id = models.UUIDField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["consent", "session_id"], name="planning_reconfirmed_once_a_session"
            )
        ]
