"""Private notes: the only code that reads or writes them, and only for their author.

No role, duty or emergency opens another's note, lists it or counts it; its author may hand a copy
to a colleague who treats the same person, and that copy is then the colleague's. A note has no
address of its own: there is one page for each author and person, the same for everybody who wrote
nothing. The audit entry of a note names its author but not whom it is about.
Source: 45 CFR 164.501.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from clinic.people import access, audit, queries
from clinic.people.models import Patient, User
from clinic.therapy import keys, sealing
from clinic.therapy.models.keys import AuthorKey
from clinic.therapy.models.private import PrivateNote
from kapstone.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class OwnNote:
    """A note as whoever keeps it sees it. `problem` says why it does not open, or is empty."""

    id: UUID
    written_at: datetime
    text: str
    problem: str
    handed_by: str


@transaction.atomic
def write(*, patient: Patient, text: str, by: User, at: datetime) -> None:
    """Seal a note. It is never changed; the author adds another."""
    note = PrivateNote(id=uuid4(), patient=patient, author=by, written_at=at)
    _seal(note, text, at)
    audit.record("write_private_note", by=by, at=at)


def own_notes(patient: Patient, author: User) -> list[OwnNote]:
    """What this author wrote about this person or was handed, newest first."""
    own = _mine(patient, author)
    notes = list(own.select_related("key", "handed_by").order_by("-written_at", "-pk"))
    return [_opened(note) for note in notes]


def _mine(patient: Patient, author: User) -> QuerySet[PrivateNote]:
    return PrivateNote.objects.filter(patient=patient, author=author)


def colleagues(patient: Patient, author: User, at: datetime) -> list[User]:
    """Who treats this person and may keep notes about them: to them alone a note is handed."""
    team = [member.staff.user for member in queries.care_team(patient, at)]
    others = [user for user in team if user.pk != author.pk]
    return [user for user in others if _keeps(user, patient, at)]


def _keeps(user: User, patient: Patient, at: datetime) -> bool:
    return access.may(access.actor(user, at), "keep_private_notes", patient)


@transaction.atomic
def hand_over(*, patient: Patient, notes: Sequence[UUID], to: User, by: User, at: datetime) -> None:
    """An author gives a colleague a copy of notes of their own, sealed anew for the colleague.

    Raises
    ------
    InvalidInput
        where none is chosen, one is not the author's own about this person, or the colleague does
        not treat them.
    SealBroken
        where a note does not open. Then none is handed.
    """
    own = _mine(patient, by).filter(pk__in=notes)
    if not notes or own.count() != len(set(notes)):
        raise InvalidInput("notes", "none of your own is chosen.", "Choose at least one.")
    if to not in colleagues(patient, by, at):
        raise InvalidInput("to", "does not treat this person.", "Choose somebody who does.")
    for note in own.order_by("written_at", "pk"):
        given = PrivateNote(
            id=uuid4(), patient=patient, author=to, written_at=note.written_at, handed_by=by
        )
        given.handed_at = at
        _seal(given, _words(note)["text"], at)
    audit.record("hand_over_private_notes", by=by, at=at, subject=to)


def key_of(author: User, at: datetime) -> tuple[AuthorKey, bytes]:
    """The key that an author's words are sealed with. Raises `SealBroken` where none can be had."""
    return keys.key_for(author, at, first=not PrivateNote.objects.exists())


def _seal(note: PrivateNote, text: str, at: datetime) -> None:
    # The words carry whose they are, so that a row moved to another person does not open.
    held, key = key_of(note.author, at)
    note.key, note.sealed = held, sealing.seal({"text": text} | _whose(note), key)
    note.save(force_insert=True)


def _opened(note: PrivateNote) -> OwnNote:
    handed_by = note.handed_by.name if note.handed_by else ""
    try:
        text, problem = _words(note)["text"], ""
    except sealing.SealBroken as broken:
        text, problem = "", str(broken)
    return OwnNote(note.pk, note.written_at, text, problem, handed_by)


def _words(note: PrivateNote) -> dict[str, str]:
    key = sealing.server_key() if note.key is None else keys.opened(note.key)
    words = sealing.unseal(note.sealed, key)
    if not _belongs(note, words):
        raise sealing.SealBroken("This note was sealed for another person or author.")
    return words


def _belongs(note: PrivateNote, words: dict[str, str]) -> bool:
    return words == _whose(note) | {"text": words.get("text", "")}


def _whose(note: PrivateNote) -> dict[str, str]:
    return {
        "note": str(note.pk),
        "patient": str(note.patient_id),
        "author": str(note.author_id),
    }
