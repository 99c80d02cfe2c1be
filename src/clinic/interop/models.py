"""What the room keeps: referrals as they came, whose numbers they carried, what was left over."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.episodes.models import Episode
from clinic.people.models import Patient, User


class Referral(models.Model):
    """One referral, whole. A bundle is kept as it came; a typed one says who refers and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="referrals")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="referrals")
    received_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    bundle_text = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    code_map_version = models.CharField(max_length=16, blank=True)
    referrer = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    why = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(digest="") & ~Q(bundle_text="")
                | Q(digest="", bundle_text="") & ~Q(referrer="") & ~Q(why=""),
                name="interop_referral_bundle_or_typed",
            ),
            models.UniqueConstraint(
                fields=["digest"], condition=~Q(digest=""), name="interop_bundle_taken_in_once"
            ),
        ]


class PersonNumber(models.Model):
    """A number that some system gave this person. One system gives a number to one person."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="numbers")
    system = models.CharField(max_length=300)
    value = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["system", "value"], name="interop_number_of_one_person")
        ]


class LeftOverKind(models.TextChoices):
    """Why something of a bundle set no fact."""

    QUESTION = "question", "To ask"
    NOT_UNDERSTOOD = "not_understood", "Not understood"


class LeftOver(models.Model):
    """A piece of a referral that set no fact: kept with its place, for a person to ask about."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="left_over")
    kind = models.CharField(max_length=16, choices=LeftOverKind)
    resource_type = models.CharField(max_length=64)
    path = models.CharField(max_length=300)
    system = models.CharField(max_length=300, blank=True)
    code = models.CharField(max_length=200, blank=True)
    display = models.TextField(blank=True)
    reason = models.TextField()


class SettledAs(models.TextChoices):
    """What became of a left-over piece."""

    ANSWERED = "answered", "Asked and answered"
    NOT_NEEDED = "not_needed", "Not needed"


class Settlement(models.Model):
    """Somebody settled a left-over piece: what was answered, or why it needs no answer."""

    left_over = models.OneToOneField(LeftOver, on_delete=models.PROTECT, related_name="settlement")
    outcome = models.CharField(max_length=10, choices=SettledAs)
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="interop_settled_with_reason"),
            models.CheckConstraint(
                condition=Q(outcome__in=SettledAs.values), name="interop_settled_as_known"
            ),
        ]


class WaitingBundle(models.Model):
    """A bundle about somebody who might be here already: a person says whose it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bundle_text = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    arrived_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
