"""Private notes: apart from the record, unreadable in the database. Source: 45 CFR 164.501."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.people.models import Patient, User


class PrivateNote(models.Model):
    """Sealed words of one author about one person.

    Reached through `clinic.therapy.private` alone, which asks for the author each time. No other
    table leads here: the foreign keys have no way back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    sealed = models.TextField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(sealed=""), name="therapy_private_note_sealed"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["author", "patient"])]
