"""A person's own writing: the only code that reads or writes it, and only for its author.

Each is sealed with a key of the author's, as private notes are. Nobody who treats them, no
director and no emergency opens it; what they share is a copy, which `clinic.own.actions` keeps.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from clinic.own.models import Kind, Writing
from clinic.people import audit
from clinic.people.models import User
from clinic.therapy import keys, private, sealing


@dataclass(frozen=True, slots=True)
class Own:
    """A piece of writing as its author reads it. `problem` says why it does not open, or is empty.

    A letter keeps its words back until its day.
    """

    id: UUID
    kind: Kind
    text: str
    written_at: datetime
    changed_at: datetime
    opens_on: date | None
    problem: str = ""


@transaction.atomic
def keep(*, kind: Kind, text: str, opens_on: date | None = None, by: User, at: datetime) -> UUID:
    """Seal something new; values take the place of those before.

    Raises `SealBroken` where it cannot be sealed: then nothing is kept and nothing is lost.
    """
    held, key = private.key_of(by, at)  # two at once take turns
    if kind is Kind.VALUES:
        _mine(by).filter(kind=kind).delete()
    writing = Writing(id=uuid4(), author=by, key=held, kind=kind, opens_on=opens_on)
    writing.written_at = writing.changed_at = at
    writing.sealed = sealing.seal({"text": text} | _whose(writing), key)
    writing.save(force_insert=True)
    audit.record("keep_own_writing", by=by, at=at)
    return writing.pk


@transaction.atomic
def change(*, writing_id: UUID, text: str, by: User, at: datetime) -> None:
    """Seal other words in its place. Raises `Writing.DoesNotExist` for what is not one's own."""
    writing = _mine(by).select_for_update().get(pk=writing_id)
    writing.sealed = sealing.seal({"text": text} | _whose(writing), keys.opened(writing.key))
    writing.changed_at = at
    writing.save(update_fields=["sealed", "changed_at"])
    audit.record("change_own_writing", by=by, at=at)


@transaction.atomic
def open_now(*, writing_id: UUID, today: date, by: User, at: datetime) -> None:
    """A letter is opened before its day."""
    writing = _mine(by).select_for_update().get(pk=writing_id, kind=Kind.LETTER)
    if writing.opens_on is not None and writing.opens_on > today:
        writing.opens_on = today
        writing.save(update_fields=["opens_on"])
    audit.record("open_own_letter", by=by, at=at)


@transaction.atomic
def delete(*, writing_id: UUID, by: User, at: datetime) -> None:
    """Gone from the database. A copy that was shared stays where it was given."""
    _mine(by).get(pk=writing_id).delete()
    audit.record("delete_own_writing", by=by, at=at)


def every(author: User, today: date, *kinds: Kind) -> list[Own]:
    """What somebody wrote, of these kinds, newest first."""
    rows = _mine(author).filter(kind__in=kinds).select_related("key").order_by("-written_at", "-pk")
    return [_opened(row, today) for row in rows]


def one(author: User, writing_id: UUID, today: date) -> Own | None:
    """One piece of somebody's own writing."""
    row = _mine(author).select_related("key").filter(pk=writing_id).first()
    return None if row is None else _opened(row, today)


def letter_days(author: User) -> list[date]:
    """The days of the letters, the soonest first. Needs no key."""
    days = _mine(author).filter(kind=Kind.LETTER).order_by("opens_on")
    return [day for day in days.values_list("opens_on", flat=True) if day]


def _mine(author: User) -> QuerySet[Writing]:
    return Writing.objects.filter(author=author)


def _opened(row: Writing, today: date) -> Own:
    text = problem = ""
    if row.opens_on is None or row.opens_on <= today:
        try:
            text = _words(row)
        except sealing.SealBroken as broken:
            problem = str(broken)
    told = (row.written_at, row.changed_at, row.opens_on)
    return Own(row.pk, Kind(row.kind), text, *told, problem)


def _words(row: Writing) -> str:
    words = sealing.unseal(row.sealed, keys.opened(row.key))
    if words != _whose(row) | {"text": words.get("text", "")}:
        raise sealing.SealBroken("This was sealed for another person.")
    return words["text"]


def _whose(row: Writing) -> dict[str, str]:
    return {"writing": str(row.pk), "author": str(row.author_id)}
