"""Whose referral it is: somebody known, somebody who might be known, or somebody new."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q

from clinic.interop.models import PersonNumber
from clinic.people import actions as people
from clinic.people.models import Patient, User
from clinic.people.models.patients import Sex
from kapstone.errors import InvalidInput
from kapstone.fhir.values import Person, PersonName

_SEX = {"F": Sex.FEMALE, "M": Sex.MALE, "female": Sex.FEMALE, "male": Sex.MALE}


def numbered(person: Person) -> list[Patient]:
    """Patients here who carry one of this person's numbers."""
    wanted = Q(pk__in=[])
    for number in person.identifiers:
        if number.system:
            wanted |= Q(system=number.system, value=number.value)
    held = PersonNumber.objects.filter(wanted).values("patient")
    return list(Patient.objects.filter(pk__in=held))


def certain(person: Person) -> Patient | None:
    """The one patient whose number and birth date both agree, else None."""
    found = numbered(person)
    alone = found[0] if len(found) == 1 else None
    return alone if alone is not None and alone.birth_date == person.birth_date else None


def possible(person: Person) -> list[Patient]:
    """Patients this might be: by a number alone, or by name and birth date."""
    found = {patient.pk: patient for patient in numbered(person)}
    name = official_name(person)
    if name is not None and person.birth_date is not None:
        for patient in Patient.objects.filter(
            family_name__iexact=name.family,
            given_name__iexact=_given(name),
            birth_date=person.birth_date,
        ):
            found[patient.pk] = patient
    return sorted(found.values(), key=lambda patient: patient.record_number)


def official_name(person: Person) -> PersonName | None:
    """The name to write at the head of the record."""
    order = {"official": 0, "usual": 1, "": 2}
    whole = [name for name in person.names if name.family and name.given]
    return min(whole, key=lambda name: order.get(name.use, 3), default=None)


def _given(name: PersonName) -> str:
    return " ".join(name.given)


def register(person: Person, *, by: User | None, at: datetime) -> Patient:
    """Make the patient. Raises `InvalidInput` where the record cannot say who it is."""
    name, born = official_name(person), person.birth_date
    mend = "Add the person by hand, then give their record number with the file."
    if name is None:
        raise InvalidInput("Patient.name", "gives no given and family name.", mend)
    if born is None:
        raise InvalidInput("Patient.birthDate", "gives no day of birth.", mend)
    patient = Patient(
        given_name=_given(name),
        family_name=name.family,
        birth_date=born,
        sex=_SEX.get(person.birth_sex or person.gender or "", Sex.UNKNOWN),
        phone=next((phone for phone in person.phones if len(phone) <= 32), ""),
        email=next((email for email in person.emails if _is_email(email)), ""),
        synthetic=settings.DEMO,
    )
    try:
        return people.register_patient(patient=patient, by=by, at=at)
    except ValidationError as error:
        told = "; ".join(f"{key}: {' '.join(words)}" for key, words in error.message_dict.items())
        raise InvalidInput("Patient", f"cannot be registered: {told}", mend) from error


def _is_email(written: str) -> bool:
    try:
        validate_email(written)
    except ValidationError:
        return False
    return True


def keep_numbers(patient: Patient, person: Person) -> None:
    """Remember the numbers the record carries. One that is another's stays with them."""
    PersonNumber.objects.bulk_create(
        [
            PersonNumber(patient=patient, system=number.system[:300], value=number.value[:200])
            for number in person.identifiers
            if number.system
        ],
        ignore_conflicts=True,
    )
