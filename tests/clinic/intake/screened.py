"""A person with every needed fact on record, so that a test alters one thing."""

from datetime import datetime, timedelta
from decimal import Decimal

from clinic.episodes import actions as episodes
from clinic.intake import actions, deciding, entries
from clinic.intake.actions import How
from clinic.intake.ceilings import Ceiling
from clinic.intake.models import Clearance, MedicineEntry, Source
from clinic.people.models import Patient, StaffMember
from kapstone.eligibility.keys import REQUIREMENTS
from tests.clinic import cast

# Every condition that must be known, answered no.
CONDITIONS = {
    each.key: False
    for each in REQUIREMENTS
    if each.when is None and each.key.startswith(("dx.", "fhx."))
}
WELL: dict[str, object] = {
    "capacity": True,
    "childbearing_potential": False,
    "product": "RACEMIC",
    "route": "IV",
    "dose_mg_per_kg": 1,
    "first_exposure": True,
    "lifetime_doses": 0,
    "planned_doses": 6,
    "indication_id": "IND-01",
    **CONDITIONS,
    "asa_class": 1,
    "airway_difficult": False,
    "stopbang": 1,
    "uds_unexplained": [],
    "pdmp_days_ago": 0,
    "pdmp_overlap": False,
    "weight_kg": 70,
    "height_cm": 175,
    "hr": 70,
    "rr": 14,
    "spo2": 98,
    **{f"cssrs.{item}": False for item in ("q1", "q2", "q6")},
}


def pressure(
    person: Patient, nurse: StaffMember, systolic: int, diastolic: int, at: datetime = cast.NOON
) -> None:
    """One reading, taken here."""
    actions.record_pressures(
        patient=person,
        readings=[(at, Decimal(systolic), Decimal(diastolic))],
        source=Source.MEASURED,
        by=nurse.user,
        at=at,
    )


def tell(person: Patient, nurse: StaffMember, at: datetime = cast.NOON, **facts: object) -> None:
    """Answers by key; a dot in a key is written as two underscores."""
    told = {key.replace("__", "."): value for key, value in facts.items()}
    actions.record_facts(
        patient=person, answers=told, how=How(at, Source.ASKED), by=nurse.user, at=at
    )


def takes(
    person: Patient, nurse: StaffMember, name: str, at: datetime = cast.NOON
) -> MedicineEntry:
    """A medicine, as told."""
    row = MedicineEntry(patient=person, name=name)
    return entries.add(row, how=How(at, Source.ASKED), by=nurse.user, at=at)


def lists_whole(person: Patient, nurse: StaffMember, at: datetime = cast.NOON) -> None:
    """Somebody asked for medicines and allergies, and the lists are whole."""
    for key in ("medications", "allergies"):
        entries.confirm_whole(
            patient=person, key=key, how=How(at, Source.ASKED), by=nurse.user, at=at
        )


def well(person: Patient, nurse: StaffMember, **facts: object) -> Patient:
    """Referred, and everything asked a minute ago: nothing stands in the way."""
    before = cast.NOON - timedelta(minutes=1)  # what a test tells at noon was told after this
    episodes.open_episode(patient=person, by=None, at=cast.NOON - timedelta(days=1))
    told = {key.replace("__", "."): value for key, value in facts.items()}
    actions.record_facts(
        patient=person,
        answers=WELL | told,
        how=How(before, Source.ASKED),
        by=nurse.user,
        at=before,
    )
    pressure(person, nurse, 120, 80, before)
    lists_whole(person, nurse, before)
    return person


CEILING = Ceiling(dose_mg_per_kg=Decimal("0.75"))


def clear(person: Patient, by: StaffMember, at: datetime = cast.NOON) -> Clearance:
    return deciding.clear(patient=person, ceiling=CEILING, note="", by=by.user, at=at)
