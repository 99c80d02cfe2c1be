"""Writes about wording: a file comes in, its match is confirmed, wording is withdrawn."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from clinic.measures.models import ImportedWording, WordingFile, WordingWithdrawal
from clinic.people import audit
from clinic.people.models import User
from kapstone import instruments, wording


class NotConfirmed(Exception):
    """A match that has refusals, or items by order that nobody confirmed."""


class AlreadyDone(Exception):
    """This file was imported, or this wording withdrawn, before."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What somebody brings: for what, in which language, on which terms."""

    instrument: str
    language: str
    licence: str
    source: str
    content: bytes
    form: str = ""


@transaction.atomic
def take_in(*, brought: Brought, by: User, at: datetime) -> WordingFile:
    """Keep a file as it came. Raises `InvalidInput` for one that cannot be read."""
    wording.read(brought.content, brought.form)
    file = WordingFile.objects.create(
        instrument=brought.instrument,
        language=brought.language,
        form=brought.form,
        licence=brought.licence,
        source=brought.source,
        content=brought.content,
        sha256=hashlib.sha256(brought.content).hexdigest(),
        uploaded_by=by,
        uploaded_at=at,
    )
    audit.record("take_in_wording", by=by, at=at, subject=file, sha256=file.sha256)
    return file


def proposal(file: WordingFile) -> tuple[wording.Draft, wording.Match]:
    """What a file asks, and which of it belongs to which item."""
    draft = wording.read(bytes(file.content), file.form)
    return draft, wording.match(draft, instruments.load(file.instrument))


@transaction.atomic
def confirm(
    *, file: WordingFile, confirmed: frozenset[str], by: User, at: datetime
) -> ImportedWording:
    """A person confirmed each item that was matched by order: from now on it is asked so."""
    WordingFile.objects.select_for_update().get(pk=file.pk)
    if ImportedWording.objects.filter(file=file).exists():
        raise AlreadyDone
    draft, match = proposal(file)
    if match.refused or not match.to_confirm <= confirmed:
        raise NotConfirmed
    imported = ImportedWording.objects.create(
        file=file,
        instrument_version=instruments.load(file.instrument).version,
        stem=draft.stem,
        items=[[item, words] for item, words in match.items.items()],
        choices=[[item, list(each.items())] for item, each in match.choices.items()],
        confirmed=sorted(match.to_confirm),
        imported_by=by,
        imported_at=at,
    )
    audit.record(
        "import_wording", by=by, at=at, subject=imported, confirmed=sorted(match.to_confirm)
    )
    return imported


@transaction.atomic
def withdraw(
    *, imported: ImportedWording, reason: str, by: User, at: datetime
) -> WordingWithdrawal:
    """Ask with this wording no longer, also not through links that are out already."""
    ImportedWording.objects.select_for_update().get(pk=imported.pk)
    if WordingWithdrawal.objects.filter(imported=imported).exists():
        raise AlreadyDone
    withdrawal = WordingWithdrawal.objects.create(imported=imported, reason=reason, by=by, at=at)
    audit.record("withdraw_wording", by=by, at=at, subject=imported)
    return withdrawal
