"""Invitations to an account of one's own."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.people.models import Patient, User
from clinic.reach.messages import Way


class Invited(models.TextChoices):
    """How an invitation reaches somebody."""

    MAIL = Way.MAIL.value, "by e-mail"
    TEXT = Way.TEXT.value, "by text message"
    HAND = "hand", "handed over"


class Invitation(models.Model):
    """A link that makes one account, once, until `expires_at`. Its secret is not kept.

    `sent_at`: a server took the message. `problem`: why none did. `withdrawn_at`: taken back, or
    replaced by a newer one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="invitations")
    link_hash = models.CharField(max_length=64, unique=True)
    way = models.CharField(max_length=8, choices=Invited)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="welcome_invitation_lives"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(used_at__isnull=True),
                name="welcome_used_or_withdrawn",
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(withdrawn_at__isnull=True, used_at__isnull=True),
                name="welcome_one_invitation_a_person",
            ),
        ]


class Try(models.Model):
    """One date of birth that was typed. Never changed or removed."""

    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    right = models.BooleanField()
