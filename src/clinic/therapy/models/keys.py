"""Keys of the private notes: one an author, and who may give them back. Source: 45 CFR 164.501."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.people.models import User


class AuthorKey(models.Model):
    """That an author has a key. The key itself stands in no column, only wrapped."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()


class WrappedKey(models.Model):
    """An author's key, openable by one server key alone. `server_key` tells which."""

    key = models.ForeignKey(AuthorKey, on_delete=models.PROTECT, related_name="wrapped")
    server_key = models.CharField(max_length=16)
    wrapped = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["key", "server_key"], name="therapy_wrapped_once_a_server_key"
            ),
        ]


class RecoveryPair(models.Model):
    """Two people who together give the authors their keys back. The latest pair is the one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(first=F("second")), name="therapy_recovery_takes_two"
            ),
        ]


class RecoverySheet(models.Model):
    """The public half of one person's sheet. The private half was shown once and kept nowhere."""

    pair = models.ForeignKey(RecoveryPair, on_delete=models.PROTECT, related_name="sheets")
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    public_key = models.CharField(max_length=64)
    printed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pair", "holder"], name="therapy_one_sheet_a_holder"),
        ]


class RecoveryCopy(models.Model):
    """An author's key, openable by both sheets of a pair together.

    Not append-only: the copies of an earlier pair go when a later one has printed its sheets.
    """

    key = models.ForeignKey(AuthorKey, on_delete=models.PROTECT, related_name="copies")
    pair = models.ForeignKey(RecoveryPair, on_delete=models.PROTECT, related_name="+")
    sealed = models.TextField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key", "pair"], name="therapy_one_copy_a_pair"),
        ]


class RecoveryOpened(models.Model):
    """Both sheets were used: the authors' keys were given to a new server key. Stays for good."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pair = models.ForeignKey(RecoveryPair, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    beside = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    server_key = models.CharField(max_length=16)
    key_count = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="therapy_recovery_has_reason"),
            models.CheckConstraint(condition=~Q(by=F("beside")), name="therapy_recovery_by_two"),
        ]
