"""Writes of lists: medicines, allergies, antidepressants tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from django.db import transaction

from clinic.intake import actions, known
from clinic.intake.actions import How
from clinic.intake.models import (
    AllergyEntry,
    CheckedAs,
    DrugTrial,
    FactAnswer,
    MedicineEntry,
    Source,
)
from clinic.people.models import Patient, User
from kapstone.eligibility import medicines
from kapstone.errors import InvalidInput

_Row = TypeVar("_Row", MedicineEntry, AllergyEntry, DrugTrial)
_ENDS = {MedicineEntry: "taken", AllergyEntry: "stands", DrugTrial: "stands"}


@dataclass(frozen=True, slots=True)
class Checked:
    """What a pharmacist or prescriber found a name to be, and on what ground."""

    outcome: CheckedAs
    same_as: str
    reason: str


@transaction.atomic
def add(row: _Row, *, how: How, by: User | None, at: datetime) -> _Row:
    """A medicine, an allergy or a trial was told."""
    actions.keep(row, row.patient, how=how, by=by, at=at)
    actions.kept(row.patient, f"add_{row._meta.model_name}", row, by=by, at=at)
    return row


@transaction.atomic
def strike(row: _Row, *, reason: str, by: User, at: datetime) -> _Row:
    """It is taken no more, or was never so: a new row says so, and why."""
    return _correct(row, {_ENDS[type(row)]: False}, reason=reason, by=by, at=at)


@transaction.atomic
def tell_last_taken(entry: MedicineEntry, hours: Decimal, *, by: User, at: datetime) -> None:
    """Asked anew on a dosing day: so many hours ago. What was told before stays on record."""
    told = {"last_taken_h": hours, "observed_at": at, "source": Source.ASKED}
    _correct(entry, told, reason="Asked anew on a dosing day.", by=by, at=at)


@transaction.atomic
def check_medicine(
    entry: MedicineEntry, checked: Checked, *, by: User, at: datetime
) -> MedicineEntry:
    """A pharmacist or prescriber says what a name is that no table knows.

    A name whose ingredient is known in part cannot be called free of interactions: its known
    part has rules of its own.
    """
    if checked.outcome == CheckedAs.SAME_AS and not medicines.resolve(checked.same_as)[1]:
        raise InvalidInput("same_as", "no table knows this name either.", "Give the ingredient.")
    if (
        checked.outcome == CheckedAs.NO_INTERACTION
        and medicines.resolve(known.engine_name(entry))[0]
    ):
        raise InvalidInput(
            "outcome",
            "a part of this name is known and has rules.",
            "Enter the parts as medicines of their own.",
        )
    changes = {"checked": checked.outcome, "same_as": checked.same_as}
    return _correct(entry, changes, reason=checked.reason, by=by, at=at)


def _correct(
    row: _Row, changes: Mapping[str, object], *, reason: str, by: User, at: datetime
) -> _Row:
    left_out = ("id", "patient", "by", "replaces")
    fields = [f.name for f in row._meta.concrete_fields if f.name not in left_out]
    values = {name: getattr(row, name) for name in fields} | {
        "recorded_at": at,
        "reason": reason,
        **changes,
    }
    made = type(row)(patient=row.patient, by=by, replaces=row, **values)
    made.save(force_insert=True)
    actions.kept(row.patient, f"correct_{row._meta.model_name}", made, by=by, at=at)
    return made


@transaction.atomic
def confirm_whole(*, patient: Patient, key: str, how: How, by: User, at: datetime) -> FactAnswer:
    """Somebody asked, and the list is whole: an empty one says that there are none."""
    held = {
        "medications": [{"name": entry.name} for entry in known.current_medicines(patient)],
        "allergies": [entry.substance for entry in known.current_allergies(patient)],
    }
    made = FactAnswer.objects.create(
        patient=patient, key=key, value=held[key], by=by, **how.row(at)
    )
    actions.settle(patient=patient, made=[made], by=by, at=at)
    return made
