"""A whole bundle → one referral, or InvalidInput with the place and nothing at all."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

from kapstone.document import check_document
from kapstone.errors import InvalidInput
from kapstone.fhir.bundle import Bundle, kind, not_understood, open_bundle
from kapstone.fhir.codemap import look_up
from kapstone.fhir.concept import set_aside
from kapstone.fhir.conditions import read_condition
from kapstone.fhir.medicines import read_allergy, read_medicine
from kapstone.fhir.observations import read_observation
from kapstone.fhir.person import read_person
from kapstone.fhir.questionnaires import PHQ9_ITEM_9, read_response
from kapstone.fhir.reader import Node
from kapstone.fhir.values import (
    Allergy,
    BloodPressure,
    Fact,
    Measurement,
    Medicine,
    NotUnderstood,
    Origin,
    Person,
    PriorScore,
    Question,
    Referral,
)

_UNDATED = datetime.min.replace(tzinfo=UTC)

Value = (
    Fact | Medicine | Allergy | Measurement | BloodPressure | PriorScore | Question | NotUnderstood
)
_V = TypeVar("_V", Fact, Medicine, Allergy, Measurement, BloodPressure, PriorScore, NotUnderstood)

# type → the key that names the person, and whether FHIR R4 demands it
_SUBJECTS = {
    "Condition": ("subject", True),
    "MedicationRequest": ("subject", True),
    "MedicationStatement": ("subject", True),
    "AllergyIntolerance": ("patient", True),
    "Observation": ("subject", False),
    "QuestionnaireResponse": ("subject", False),
}
_READ_ELSEWHERE = ("Patient", "Medication")


def read_bundle(document: object) -> Referral:
    """Read a FHIR R4 Bundle about one person.

    Codes set facts true or to a measured number through the code map; nothing sets a fact false,
    and what no code names stays unknown. Nothing is fetched. Raises InvalidInput, with the JSON
    path, for a bundle that is broken; then nothing of it has been read.
    Source: HL7 FHIR R4 4.0.1.
    """
    check_document(document)
    bundle = open_bundle(document)
    person, doubts = read_person(bundle.patient)
    found = [value for resource in bundle.resources for value in _read(bundle, resource)]
    measurements = sorted(_only(Measurement, found), key=_order)
    scores = sorted(_only(PriorScore, found), key=_order)
    return Referral(
        person=person,
        facts=(*_only(Fact, found), *_latest(measurements, scores)),
        medicines=tuple(_only(Medicine, found)),
        allergies=tuple(_only(Allergy, found)),
        measurements=tuple(measurements),
        blood_pressures=tuple(sorted(_only(BloodPressure, found), key=_order)),
        scores=tuple(scores),
        questions=_asked_once(found),
        not_understood=(*doubts, *bundle.empty, *_only(NotUnderstood, found)),
        digest=_digest(document),
    )


def _read(bundle: Bundle, resource: Node) -> Iterator[Value]:
    named = kind(resource)
    if named not in _SUBJECTS:
        if named not in _READ_ELSEWHERE:
            yield not_understood(resource, "This type of resource is not read.")
        return
    key, demanded = _SUBJECTS[named]
    if not bundle.belongs_to_patient(resource, key):
        if demanded:
            raise InvalidInput(f"{resource.path}.{key}", "is missing: whose is it?")
        yield not_understood(resource, "It does not say whose it is.")
        return
    reasons = tuple(set_aside(resource))
    yield from reasons or _dispatch(bundle, resource, named)


def _dispatch(bundle: Bundle, resource: Node, named: str) -> Iterator[Value]:
    if named == "Condition":
        yield from read_condition(resource)
    elif named == "Observation":
        yield from read_observation(resource)
    elif named == "AllergyIntolerance":
        yield from read_allergy(resource)
    elif named == "QuestionnaireResponse":
        yield from read_response(resource)
    else:
        yield from read_medicine(bundle, resource)


def _only(wanted: type[_V], found: Iterable[Value]) -> list[_V]:
    return [value for value in found if isinstance(value, wanted)]


def _order(value: Measurement | BloodPressure | PriorScore) -> datetime:
    """Oldest first; what has no date stands before all and is never the latest."""
    when = value.origin.when
    return _UNDATED if when is None else when.earliest


def _latest(measurements: list[Measurement], scores: list[PriorScore]) -> Iterator[Fact]:
    """Facts from the newest reading of each key; a sign of a past day is no fact of today."""
    newest: dict[str, tuple[Decimal, Origin, str]] = {}
    for reading in measurements:
        newest[reading.key] = (reading.value, reading.origin, reading.origin.coded.code)
    for score in scores:
        item_9 = dict(score.items).get(PHQ9_ITEM_9)
        if score.instrument == "phq9" and score.total is not None:
            newest["phq9"] = (Decimal(score.total), score.origin, "44261-6")
        if item_9 is not None:
            newest["phq9_item9"] = (Decimal(item_9), score.origin, PHQ9_ITEM_9)
    for key, (value, origin, code) in newest.items():
        for row in look_up("http://loinc.org", code):
            if row.rule != "sign":
                yield Fact(key, value, origin, row.source, row.mark)


def _asked_once(found: Iterable[Value]) -> tuple[Question, ...]:
    """Each code asked about once for each reason, at the first place it stands."""
    asked: dict[tuple[object, str], Question] = {}
    for value in found:
        if isinstance(value, Question):
            asked.setdefault((value.coded, value.reason), value)
    return tuple(asked.values())


def _digest(document: object) -> str:
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def identity_key(person: Person) -> str:
    """SHA-256 of identifiers, names and birth date: equal for the same person sent again.

    Spelling of case, accents and order does not matter. Twins differ by name or identifier. It
    can be guessed from the data it hides, so it is kept as the data are.
    """
    parts = {
        "identifiers": sorted([found.system, found.value] for found in person.identifiers),
        "names": sorted({_folded(" ".join((*name.given, name.family))) for name in person.names}),
        "birth": None if person.birth is None else person.birth.text,
    }
    return _digest(parts)


def _folded(name: str) -> str:
    split = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(char for char in split if not unicodedata.combining(char)).split())
