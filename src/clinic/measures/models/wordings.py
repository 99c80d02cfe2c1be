"""Wording that the clinic imported. Rows are added, never changed: a new import supersedes."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.people.models import User


class WordingFile(models.Model):
    """A file as it came, on which terms it may be used, and for what it was brought."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instrument = models.CharField(max_length=32)
    language = models.CharField(max_length=16)
    form = models.CharField(max_length=100, blank=True)  # of a REDCap dictionary with several
    licence = models.TextField()
    source = models.CharField(max_length=300)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(licence="") & ~Q(source=""), name="measures_wording_has_its_terms"
            )
        ]


class ImportedWording(models.Model):
    """An instrument's words in one language, from a file whose match a person confirmed.

    `items`: id and words of each, `choices`: of each the values with their words, in the order
    asked. `confirmed`: the items that were matched by order and that a person confirmed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.OneToOneField(WordingFile, on_delete=models.PROTECT, related_name="imported")
    instrument_version = models.CharField(max_length=32)
    stem = models.TextField(blank=True)
    items = models.JSONField()
    choices = models.JSONField()
    confirmed = models.JSONField(default=list)
    imported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()


class WordingWithdrawal(models.Model):
    """Wording that may not be asked with any more, and why."""

    imported = models.OneToOneField(
        ImportedWording, on_delete=models.PROTECT, related_name="withdrawal"
    )
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="measures_withdrawal_of_wording_has_reason"
            )
        ]
