"""Writing and checking the audit trail."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction

from clinic.people import worded
from clinic.people.models import AuditEntry, ChainHead, Patient, User

# In SQL: each page and each write comes here, and the ORM took longer to word it than it took.
_NEXT = """
UPDATE people_chainhead SET sequence = sequence + 1 WHERE id = 1 RETURNING sequence, entry_hash
"""
_KEEP = "UPDATE people_chainhead SET entry_hash = %s WHERE id = 1"
_KEEP_ALL = "UPDATE people_chainhead SET sequence = %s, entry_hash = %s WHERE id = 1"

Detail = Mapping[str, str | int | bool | list[str] | None]


@dataclass(frozen=True, slots=True)
class Told:
    """What an entry says was done: to whom, and to which row."""

    action: str
    patient: Patient | None
    subject: models.Model | None
    detail: Detail


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
    with transaction.atomic(savepoint=False):
        sequence, previous_hash = _next()
        told = Told(action, patient, subject, detail)
        entry = _entry(told, by, at, sequence, previous_hash)
        worded.insert(entry)
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [entry.entry_hash])
    return entry


def record_all(told: Sequence[Told], *, by: User | None, at: datetime) -> None:
    """Several at once, in that order, as `record` adds each."""
    with transaction.atomic(savepoint=False):
        sequence, previous_hash = _next()
        entries: list[AuditEntry] = []
        for place, one in enumerate(told):
            entries.append(_entry(one, by, at, sequence + place, previous_hash))
            previous_hash = entries[-1].entry_hash
        AuditEntry.objects.bulk_create(entries)
        with connection.cursor() as cursor:
            cursor.execute(_KEEP_ALL, [entries[-1].sequence, previous_hash])


def _entry(
    told: Told, by: User | None, at: datetime, sequence: int, previous_hash: str
) -> AuditEntry:
    subject = told.subject
    entry = AuditEntry(
        sequence=sequence,
        at=at,
        actor=by,
        patient=told.patient,
        action=told.action,
        subject=f"{subject._meta.label}:{subject.pk}" if subject is not None else "",
        detail=told.detail,
        previous_hash=previous_hash,
    )
    entry.entry_hash = entry_hash(entry)
    return entry


def _next() -> tuple[int, str]:
    """The next number, and the hash before it. The head is this writer's until the end."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT)
        found: list[tuple[int, str]] = cursor.fetchall()
    if not found:
        ChainHead.objects.get_or_create(pk=1)
        return _next()
    return found[0]


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


def head() -> str:
    """The last entry's number and hash, as `number:hash`. Kept elsewhere, it betrays a rewrite."""
    last = ChainHead.objects.filter(pk=1).first()
    return f"{last.sequence}:{last.entry_hash}" if last else "0:"


def faults(kept: str = "") -> Iterator[str]:
    """Each place where the trail was altered, cut or re-ordered, in words.

    `kept` is an earlier `head()`. Raises ValueError for one that cannot be read.
    """
    kept_at, kept_hash = _head(kept)
    sequence, before, seen = 0, "", kept_at == 0
    for entry in AuditEntry.objects.order_by("sequence").iterator(2000):
        if entry.sequence != sequence + 1:
            yield f"Entries {sequence + 1} to {entry.sequence - 1} are missing."
        if entry.previous_hash != before or entry.entry_hash != entry_hash(entry):
            yield f"Entry {entry.sequence} was altered."
        sequence, before = entry.sequence, entry.entry_hash
        seen = seen or (sequence, before) == (kept_at, kept_hash)
    if head() != f"{sequence}:{before}":
        yield f"The trail ends at entry {sequence}; {head().partition(':')[0]} were written."
    if not seen:
        yield f"Entry {kept_at} is not the one whose head was kept: the trail was rewritten or cut."


def _head(kept: str) -> tuple[int, str]:
    number, colon, digest = (kept or "0:").partition(":")
    if not (colon and number.isascii() and number.isdigit()):
        raise ValueError("Write the kept head as NUMBER:HASH, as audit_verify printed it.")
    return int(number), digest
