"""Answers and scores as FHIR R4: a QuestionnaireResponse each, and an Observation a score.

Nothing of ours poses as a questionnaire: no item carries a text, no code a display. Items are named
by their LOINC codes where these are held, else by our own ids under systems of our own. An item
left out is absent, and a score that could not be made has a reason and no value: never a zero.
Source: HL7 FHIR 4.0.1; US Core 9.0.0 observation-screening-assessment and QuestionnaireResponse.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid5

from kapstone import instruments
from kapstone.instruments import Instrument
from kapstone.instruments.definition import Item, Score

Json = dict[str, object]
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
OWN = "urn:kapstone"
STAFF: Json = {"display": "staff of the clinic"}
GENDERS = {"female": "female", "male": "male", "intersex": "other"}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose answers they are. `id`: a UUID. `sex` as the clinic has it."""

    id: str
    record_number: str
    given_name: str
    family_name: str
    birth_date: date
    sex: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSet:
    """One answered questionnaire as kept. `id`: a UUID. Times are aware.

    replaces: the set that this one corrects, with its reason. replaced: it was itself corrected.
    """

    id: str
    instrument: str
    version: str
    observed_at: datetime
    recorded_at: datetime
    answers: Mapping[str, int | float]
    scores: Mapping[str, int | float | bool | str | None]
    bands: Mapping[str, str | None]
    marks: Mapping[str, str]
    by_staff: bool
    replaces: str | None = None
    reason: str = ""
    replaced: bool = False

    @property
    def definition(self) -> Instrument:
        """The version that scored it."""
        return instruments.load(self.instrument, self.version)


def bundle(subject: Subject, sets: Sequence[AnswerSet], at: datetime) -> Json:
    """A collection: the person, and for each set its answers, its scores and what it corrects."""
    made = [_patient(subject), *(each for one in sets for each in _resources(subject, one))]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": _instant(at),
        "entry": [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in made],
    }


def _resources(subject: Subject, of: AnswerSet) -> Iterator[Json]:
    yield response(subject, of)
    yield from observations(subject, of)
    if of.replaces is not None:
        yield _provenance(of, of.replaces)


def _patient(subject: Subject) -> Json:
    return {
        "resourceType": "Patient",
        "id": subject.id,
        "identifier": [{"system": f"{OWN}:record", "value": subject.record_number}],
        "name": [{"family": subject.family_name, "given": [subject.given_name]}],
        "birthDate": subject.birth_date.isoformat(),
        "gender": GENDERS.get(subject.sex, "unknown"),
    }


def response(subject: Subject, of: AnswerSet) -> Json:
    """The answers. The questionnaire's canonical carries our version of it."""
    held = of.definition
    rated = held.kind == "clinician_rated"
    return {
        "resourceType": "QuestionnaireResponse",
        "id": of.id,
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{of.id}"},
        "questionnaire": f"{OWN}:questionnaire:{held.id}|{held.version}",
        "status": _status(of, "completed"),
        "subject": _reference(subject.id),
        "authored": _instant(of.observed_at),
        "author": STAFF if of.by_staff else _reference(subject.id),
        "source": STAFF if rated else _reference(subject.id),
        "item": [
            {"linkId": _link_id(item), "answer": [_answer(item, of.answers[item.id])]}
            for item in held.items
            if item.id in of.answers
        ],
    }


def _status(of: AnswerSet, whole: str) -> str:
    """A corrected set was an error; the set that corrects one is amended."""
    if of.replaced:
        return "entered-in-error"
    return "amended" if of.replaces else whole


def _link_id(item: Item) -> str:
    return f"/{item.loinc}" if item.loinc else item.id


def _answer(item: Item, value: int | float) -> Json:
    codes = {choice.value: choice.loinc for choice in item.choices if choice.loinc}
    if isinstance(value, float) and not value.is_integer():
        return {"valueDecimal": value}
    if code := codes.get(int(value)):
        ordinal: Json = {"url": ORDINAL, "valueDecimal": int(value)}
        return {"valueCoding": {"extension": [ordinal], "system": LOINC, "code": code}}
    return {"valueInteger": int(value)}


def observations(subject: Subject, of: AnswerSet) -> Iterator[Json]:
    """Each score, and each watched item that was answered, so that it can be searched for."""
    held = of.definition
    for score in held.scores:
        about = [] if score.loinc is None else [_coding(LOINC, score.loinc)]
        codes = [*about, _coding(f"{OWN}:score", f"{held.id}.{score.id}")]
        shared = _observation(subject, of, f"score/{score.id}", codes)
        shared |= _value(of, score)
        yield shared | _read_with(held, score, of)
    for item in held.items:
        if item.watched and item.loinc and item.id in of.answers:
            shared = _observation(subject, of, f"item/{item.id}", [_coding(LOINC, item.loinc)])
            yield shared | {"valueInteger": int(of.answers[item.id])}


def _observation(subject: Subject, of: AnswerSet, part: str, codes: Iterable[Json]) -> Json:
    held = of.definition
    return {
        "resourceType": "Observation",
        "id": _id(of, part),
        "status": _status(of, "final"),
        "category": [{"coding": [_coding(CATEGORY, "survey")]}],
        "code": {"coding": list(codes)},
        "subject": _reference(subject.id),
        "effectiveDateTime": _instant(of.observed_at),
        "issued": _instant(of.recorded_at),
        "performer": [STAFF if of.by_staff else _reference(subject.id)],
        "method": {"coding": [_coding(f"{OWN}:instrument", held.id) | {"version": held.version}]},
        "derivedFrom": [_reference(of.id)],
    }


def _value(of: AnswerSet, score: Score) -> Json:
    value = of.scores.get(score.id)
    if value is None or value == "unknown":
        reason = _coding(ABSENT, "unknown")
        return {"dataAbsentReason": {"coding": [reason], "text": "Too much was left unanswered."}}
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, str):
        coding = _coding(f"{OWN}:score:{of.instrument}.{score.id}", value)
        return {"valueCodeableConcept": {"coding": [coding]}}
    quantity: Json = {"value": value, "unit": "{score}", "system": UCUM, "code": "{score}"}
    if of.marks.get(score.id, "").startswith("at least this"):
        quantity["comparator"] = ">="
    return {"valueQuantity": quantity}


def _read_with(held: Instrument, score: Score, of: AnswerSet) -> Json:
    """The band with its source, and what a reader must know beside the number."""
    found: Json = {}
    notes = [of.marks[score.id]] if score.id in of.marks else []
    band = next((each for each in score.bands if each.code == of.bands.get(score.id)), None)
    if band is not None and held.sources:
        coding = _coding(f"{OWN}:band:{held.id}.{score.id}", band.code)
        words = f"{band.label}, {band.minimum} to {band.maximum}"
        found["interpretation"] = [{"coding": [coding], "text": words}]
        notes.append(f"Bands: {'; '.join(source.title for source in held.sources)}.")
    if notes:
        found["note"] = [{"text": note} for note in notes]
    return found


def _provenance(of: AnswerSet, corrected: str) -> Json:
    """Which set this one corrects, and why."""
    return {
        "resourceType": "Provenance",
        "id": _id(of, "provenance"),
        "target": [_reference(of.id)],
        "recorded": _instant(of.recorded_at),
        "reason": [{"text": of.reason}],
        "agent": [{"who": STAFF}],
        "entity": [{"role": "revision", "what": _reference(corrected)}],
    }


def _id(of: AnswerSet, part: str) -> str:
    """The same each time it is exported."""
    return str(uuid5(UUID(of.id), part))


def _reference(resource_id: str) -> Json:
    return {"reference": f"urn:uuid:{resource_id}"}


def _coding(system: str, code: str) -> Json:
    return {"system": system, "code": code}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
