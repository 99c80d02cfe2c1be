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


class TouchAgreement(models.Model):
    """What holds from one moment on; empty means no touch. Never changed: a new row replaces it.

    `sober`: talked through and rehearsed while nothing was acting on the person. Only such a row
    may allow more than the one before it (TCH-03).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="touch_agreements")
    agreed_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sober = models.BooleanField()
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
