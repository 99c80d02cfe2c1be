"""The audit trail: append-only rows, each bound to the one before by its hash."""

from typing import ClassVar

from django.db import models

from clinic.people.models.patients import Patient
from clinic.people.models.staff import User


class AuditEntry(models.Model):
    """One thing somebody did or read. Holds ids and field names, never names or answers."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    entry_hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "sequence"])]


class ChainHead(models.Model):
    """The last entry's number and hash: the row that writers queue on."""

    sequence = models.PositiveBigIntegerField(default=0)
    entry_hash = models.CharField(max_length=64, default="")
