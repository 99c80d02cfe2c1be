"""What a referral says becomes rows of the intake room, each with the resource it came from.

A record sets facts true or to a figure, never false. A date that lies ahead is taken for the
day the referral came.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from clinic.alerts.actions import Cause, raise_alert
from clinic.intake import actions as intake
from clinic.intake.models import (
    AllergyEntry,
    EarlierScore,
    FactAnswer,
    MedicineEntry,
    PressureReading,
    Recorded,
    Source,
)
from clinic.people.models import Patient, User
from kapstone import fhir, risk
from kapstone.errors import InvalidInput
from kapstone.fhir.values import Fact, Measurement, Origin

# Statuses of FHIR medication resources that say the person does not take it now.
_NOT_TAKEN = {"completed", "stopped", "cancelled", "not-taken", "draft"}
_RECENT = timedelta(days=14)  # what PHQ-9 item 9 asks about
_HISTORY = ("weight_kg", "height_cm")
_Row = TypeVar("_Row", bound=Recorded)


def keep(
    read: fhir.Referral, patient: Patient, *, by: User | None, at: datetime
) -> list[tuple[str, str]]:
    """Keep everything that was understood. What cannot be a fact is answered: (place, why)."""
    told = _Told(patient, by, at)
    doubts = list(told.facts(read))
    told.medicines(read)
    told.rest(read)
    if read.person.deceased:
        doubts.append(("Patient.deceased", "The record says that this person has died: ask."))
    return doubts


class _Told:
    """Rows of one referral for one patient."""

    def __init__(self, patient: Patient, by: User | None, at: datetime) -> None:
        self.patient, self.by, self.at = patient, by, at

    def facts(self, read: fhir.Referral) -> Iterator[tuple[str, str]]:
        """Conditions and figures; each figure of weight and height, not the newest alone."""
        figures = [each for each in read.measurements if each.key in _HISTORY]
        made: list[FactAnswer] = []
        rest = [each for each in read.facts if each.key not in _HISTORY]
        told: list[Fact | Measurement] = [*rest, *figures]
        for fact in told:
            value = _plain(fact.value) if isinstance(fact.value, Decimal) else fact.value
            try:
                made += intake.keep_facts(
                    patient=self.patient,
                    answers={fact.key: value},
                    how=self._how(fact.origin),
                    by=self.by,
                    at=self.at,
                )
            except InvalidInput as error:
                yield fact.origin.path, f"{error} It was not taken for a fact."
        for row in made:
            self._alert_item_9(row)
        intake.settle(patient=self.patient, made=made, by=self.by, at=self.at)

    def _alert_item_9(self, row: FactAnswer) -> None:
        """A suicidal answer of the last two weeks reaches a person, wherever it was given."""
        recent = row.key == "phq9_item9" and self.at - row.observed_at <= _RECENT
        trigger = risk.item_9_trigger(row.value) if recent else None
        if trigger is not None:
            cause = Cause(
                "referral.item_9", risk.LEVELS[trigger], f"A referral brings {trigger}: call."
            )
            raise_alert(cause, patient=self.patient, subject=row, by=self.by, at=self.at)

    def medicines(self, read: fhir.Referral) -> None:
        """Medicines and allergies, each said once."""
        seen: set[tuple[object, ...]] = set()
        for medicine in read.medicines:
            taken = medicine.status not in _NOT_TAKEN
            told = (medicine.name, medicine.route, medicine.daily_dose_mg, taken)
            if told not in seen:
                seen.add(told)
                row = MedicineEntry(
                    name=medicine.name[:300],
                    ingredients=list(medicine.ingredients),
                    route=(medicine.route or "")[:40],
                    daily_dose_mg=medicine.daily_dose_mg,
                    taken=taken,
                    told_status=medicine.status[:40],
                )
                self._add(row, medicine.origin)
        for allergy in read.allergies:
            substance = " / ".join(allergy.substances)[:600]
            if (substance,) not in seen:
                seen.add((substance,))
                status = (allergy.status or "")[:40]
                self._add(AllergyEntry(substance=substance, told_status=status), allergy.origin)

    def rest(self, read: fhir.Referral) -> None:
        """Blood pressures and scores, as history; then decisions are looked at again."""
        for pressure in read.blood_pressures:
            self._add(
                PressureReading(
                    systolic_mmhg=pressure.systolic_mmhg, diastolic_mmhg=pressure.diastolic_mmhg
                ),
                pressure.origin,
            )
        for score in read.scores:
            row = EarlierScore(
                instrument=score.instrument, total=score.total, items=dict(score.items)
            )
            self._add(row, score.origin)
        intake.looked_at_again(self.patient, by=self.by, at=self.at)

    def _how(self, origin: Origin) -> intake.How:
        when = origin.when.earliest if origin.when else self.at
        place = (
            f"{origin.resource_type}/{origin.resource_id}" if origin.resource_id else origin.path
        )
        return intake.How(when, Source.REFERRAL, place[:300])

    def _add(self, row: _Row, origin: Origin) -> _Row:
        return intake.keep(row, self.patient, how=self._how(origin), by=self.by, at=self.at)


def _plain(number: Decimal) -> int | float:
    return int(number) if number == int(number) else float(number)
