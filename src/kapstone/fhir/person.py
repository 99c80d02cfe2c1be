"""Patient → the person the referral is about."""

from collections.abc import Iterator

from kapstone.errors import InvalidInput
from kapstone.fhir.bundle import not_understood
from kapstone.fhir.dates import When, read_when
from kapstone.fhir.reader import Node
from kapstone.fhir.values import Identifier, NotUnderstood, Person, PersonName

# Source: US Core 3.1, extension us-core-birthsex.
_BIRTH_SEX = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
_GENDERS = ("male", "female", "other", "unknown")


def read_person(patient: Node) -> tuple[Person, tuple[NotUnderstood, ...]]:
    """The person, and what of their birth date cannot be used."""
    if patient.has("modifierExtension") or patient.has("implicitRules"):
        raise InvalidInput(patient.path, "carries a modifier that this system does not know.")
    gender = patient.text("gender")
    if gender is not None and gender not in _GENDERS:
        raise InvalidInput(f"{patient.path}.gender", f"must be one of {', '.join(_GENDERS)}.")
    birth = _birth(patient)
    person = Person(
        names=tuple(_names(patient)),
        birth=birth if birth is not None and birth.plausible else None,
        gender=gender,
        birth_sex=_birth_sex(patient),
        identifiers=tuple(_identifiers(patient)),
        phones=_contacts(patient, "phone"),
        emails=_contacts(patient, "email"),
        languages=tuple(_languages(patient)),
        deceased=patient.flag("deceasedBoolean") is True or patient.has("deceasedDateTime"),
    )
    return person, tuple(_doubts(patient, birth))


def _birth(patient: Node) -> When | None:
    text = patient.text("birthDate")
    return None if text is None else read_when(f"{patient.path}.birthDate", text)


def _doubts(patient: Node, birth: When | None) -> Iterator[NotUnderstood]:
    if birth is None:
        yield not_understood(patient, "The record gives no birth date: ask.")
    elif not birth.plausible:
        yield not_understood(patient, "The birth date lies before 1900 and is not used: ask.")
    elif birth.day is None:
        yield not_understood(patient, "The birth date gives no day: ask.")


def _names(patient: Node) -> Iterator[PersonName]:
    for name in patient.children("name"):
        family, given = name.text("family") or "", name.texts("given")
        if not (family or given):
            family = name.text("text") or ""
        if family or given:
            yield PersonName(family, given, name.text("use") or "")


def _identifiers(patient: Node) -> Iterator[Identifier]:
    for identifier in patient.children("identifier"):
        value = identifier.text("value")
        if value is not None:
            yield Identifier(identifier.text("system") or "", value)


def _contacts(patient: Node, system: str) -> tuple[str, ...]:
    found = (point for point in patient.children("telecom") if point.text("system") == system)
    values = (point.text("value") for point in found if point.text("use") != "old")
    return tuple(value for value in values if value is not None)


def _languages(patient: Node) -> Iterator[str]:
    for spoken in patient.children("communication"):
        language = spoken.child("language")
        for coding in language.children("coding") if language else ():
            code = coding.text("code")
            if code is not None:
                yield code


def _birth_sex(patient: Node) -> str | None:
    for extension in patient.children("extension"):
        if extension.text("url") == _BIRTH_SEX:
            return extension.text("valueCode")
    return None
