"""Writing and checking the audit trail."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import models, transaction

from clinic.people.models import AuditEntry, ChainHead, Patient, User


def record(
    action: str,
    *,
    by: User | None,
    at: datetime,
    patient: Patient | None = None,
    subject: models.Model | None = None,
    **detail: str | int | bool | list[str] | None,
) -> AuditEntry:
    """Add one entry. Call it inside the transaction of the write it tells of, as its last step.

    Writers queue on the chain's head, so that each entry holds the hash of the one before.
    """
    with transaction.atomic():
        head, _ = ChainHead.objects.select_for_update().get_or_create(pk=1)
        entry = AuditEntry(
            sequence=head.sequence + 1,
            at=at,
            actor=by,
            patient=patient,
            action=action,
            subject=f"{subject._meta.label}:{subject.pk}" if subject is not None else "",
            detail=detail,
            previous_hash=head.entry_hash,
        )
        entry.entry_hash = entry_hash(entry)
        entry.save(force_insert=True)
        head.sequence, head.entry_hash = entry.sequence, entry.entry_hash
        head.save()
    return entry


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over the entry and the hash before it."""
    told: dict[str, Any] = {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "patient": str(entry.patient_id),
        "action": entry.action,
        "subject": entry.subject,
        "detail": entry.detail,
        "previous": entry.previous_hash,
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def faults() -> Iterator[str]:
    """Each place where the trail was altered, cut or re-ordered, in words."""
    sequence, before = 0, ""
    for entry in AuditEntry.objects.order_by("sequence").iterator(2000):
        if entry.sequence != sequence + 1:
            yield f"Entries {sequence + 1} to {entry.sequence - 1} are missing."
        if entry.previous_hash != before or entry.entry_hash != entry_hash(entry):
            yield f"Entry {entry.sequence} was altered."
        sequence, before = entry.sequence, entry.entry_hash
    head = ChainHead.objects.filter(pk=1).first()
    if head is not None and (head.sequence, head.entry_hash) != (sequence, before):
        yield f"The trail ends at entry {sequence}; {head.sequence} were written."
