"""Which touch a person agreed to. Without an agreement there is none. Source: protocol 11.2."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.people.models import Patient, StaffMember, User


class Touch(models.TextChoices):
    """Touches that can be agreed to. Others cannot be written down (TCH-02, TCH-04)."""

    HAND = "hand", "hand"
    FOREARM = "forearm", "forearm"
    SHOULDER = "shoulder", "shoulder"


class Position(models.TextChoices):
    """How the person sits or lies when they are touched (TCH-02)."""

    SITTING = "sitting", "sitting up"
    LYING = "lying", "lying down"
    EITHER = "either", "sitting or lying"


class TouchAgreement(models.Model):
    """What holds from one moment on; empty means no touch. Never changed: a new row replaces it.

    `sober`: talked through and rehearsed while nothing was acting on the person. Only such a row
    may allow more than the one before it (TCH-03), and while a drug acts the database takes no row
    that does. `touch_count` is how many rows of what is allowed belong to it: the database takes no
    more, so that nothing is added later. Empty `touch_count` is a row from before it was counted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="touch_agreements")
    agreed_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sober = models.BooleanField()
    touch_count = models.PositiveSmallIntegerField(null=True)
    signed_name = models.CharField(max_length=200, blank=True, default="")
    wishes_who = models.CharField(max_length=100, blank=True, default="")
    over_clothing = models.BooleanField(default=False)
    longest_s = models.PositiveSmallIntegerField(null=True)
    position = models.CharField(max_length=8, choices=Position, blank=True, default="")
    manner = models.CharField(max_length=300, blank=True)
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(replaces__isnull=True),
                name="therapy_one_first_touch",
            ),
            models.CheckConstraint(
                condition=Q(sober=True) | Q(replaces__isnull=False),
                name="therapy_first_touch_agreed_sober",
            ),
            models.CheckConstraint(
                condition=Q(longest_s__isnull=True) | Q(longest_s__gt=0),
                name="therapy_touch_lasts",
            ),
            models.CheckConstraint(
                condition=Q(position__in=["", *Position.values]), name="therapy_known_position"
            ),
        ]


class AllowedTouch(models.Model):
    """One touch by one named member of staff."""

    agreement = models.ForeignKey(TouchAgreement, on_delete=models.PROTECT, related_name="allowed")
    touch = models.CharField(max_length=12, choices=Touch)
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agreement", "touch", "staff"], name="therapy_touch_named_once"
            ),
            models.CheckConstraint(condition=Q(touch__in=Touch.values), name="therapy_known_touch"),
        ]


class DrugActs(models.Model):
    """A dose was begun in this session. Until it has worn off, touch can only be made less."""

    session_id = models.UUIDField(primary_key=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()


class WornOff(models.Model):
    """The person left: what was given in this session no longer speaks for them here."""

    acts = models.OneToOneField(DrugActs, on_delete=models.PROTECT, related_name="worn_off")
    at = models.DateTimeField()


class TouchAsked(models.Model):
    """After a dose, somebody else asked how touch was (TCH-06). A concern raises an alert."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    session_id = models.UUIDField()
    concern = models.BooleanField()
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(concern=False) | ~Q(words=""), name="therapy_concern_has_words"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "session_id"])]
