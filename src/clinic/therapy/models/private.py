"""Private notes: apart from the record, unreadable in the database. Source: 45 CFR 164.501."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.people.models import Patient, User
from clinic.therapy.models.keys import AuthorKey


class PrivateNote(models.Model):
    """Sealed words of one author about one person, or of one that they were handed.

    Reached through `clinic.therapy.private` alone, which asks for the author each time. No other
    table leads here: the foreign keys have no way back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    sealed = models.TextField()
    # Empty on a note from before authors had keys of their own: the server's key opens it.
    key = models.ForeignKey(AuthorKey, null=True, on_delete=models.PROTECT, related_name="+")
    handed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(handed_by__isnull=True, handed_at__isnull=True)
                | Q(handed_by__isnull=False, handed_at__isnull=False),
                name="therapy_note_handed_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(sealed=""), name="therapy_private_note_sealed"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["author", "patient"])]
