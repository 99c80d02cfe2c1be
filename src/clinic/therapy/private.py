"""Private notes: the only code that reads or writes them, and only for their author.

No role, duty or emergency opens another's note, lists it or counts it. A note has no address of
its own: there is one page for each author and person, the same for everybody who wrote nothing.
The audit entry of a note names its author but not whom it is about. Source: 45 CFR 164.501.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from clinic.people import audit
from clinic.people.models import Patient, User
from clinic.therapy import sealing
from clinic.therapy.models.private import PrivateNote


@dataclass(frozen=True, slots=True)
class OwnNote:
    """A note as its author sees it. `problem` says why it does not open, or is empty."""

    written_at: datetime
    text: str
    problem: str


@transaction.atomic
def write(*, patient: Patient, text: str, by: User, at: datetime) -> None:
    """Seal a note. It is never changed; the author adds another."""
    note = PrivateNote(id=uuid4(), patient=patient, author=by, written_at=at)
    # The words carry whose they are, so that a row moved to another person does not open.
    words = {"text": text} | _whose(note)
    note.sealed = sealing.seal(words, first=not PrivateNote.objects.exists())
    note.save(force_insert=True)
    audit.record("write_private_note", by=by, at=at)


def own_notes(patient: Patient, author: User) -> list[OwnNote]:
    """What this author wrote about this person, newest first."""
    own = PrivateNote.objects.filter(patient=patient, author=author)
    return [_opened(note) for note in own.order_by("-written_at", "-pk")]


def _opened(note: PrivateNote) -> OwnNote:
    try:
        words = sealing.unseal(note.sealed)
    except sealing.SealBroken as broken:
        return OwnNote(note.written_at, "", str(broken))
    if words != _whose(note) | {"text": words.get("text", "")}:
        return OwnNote(note.written_at, "", "This note was sealed for another person or author.")
    return OwnNote(note.written_at, words["text"], "")


def _whose(note: PrivateNote) -> dict[str, str]:
    return {
        "note": str(note.pk),
        "patient": str(note.patient_id),
        "author": str(note.author_id),
    }
