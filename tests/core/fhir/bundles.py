"""Small bundles for the tests."""

from decimal import Decimal

SCT = "http://snomed.info/sct"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"

Json = dict[str, object]


def patient(**changes: object) -> Json:
    return {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [{"system": "urn:mrn", "value": "17"}],
        "name": [{"use": "official", "family": "Testerman", "given": ["Ada"]}],
        "birthDate": "1980-02-29",
        "gender": "female",
        **changes,
    }


def bundle(*resources: Json, who: Json | None = None) -> Json:
    held = [who or patient(), *resources]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": resource} for resource in held],
    }


def concept(system: str, code: str, display: str = "") -> Json:
    coding = {"system": system, "code": code} | ({"display": display} if display else {})
    return {"coding": [coding]}


def resource(kind: str, **fields: object) -> Json:
    key = "patient" if kind == "AllergyIntolerance" else "subject"
    return {"resourceType": kind, "id": "r1", key: {"reference": "Patient/p1"}, **fields}


def condition(code: Json, clinical: str | None = "active", **fields: object) -> Json:
    status = {"clinicalStatus": concept("", clinical)} if clinical else {}
    return resource("Condition", code=code, **status, **fields)


def quantity(value: float | int | Decimal, code: str) -> Json:
    return {"value": value, "unit": code, "code": code, "system": UCUM}


def observation(code: str, value: object = None, **fields: object) -> Json:
    given = {} if value is None else {"valueQuantity": value}
    return resource(
        "Observation", **{"status": "final", "code": concept(LOINC, code), **given, **fields}
    )


def pressure(systolic: Json, diastolic: Json, **fields: object) -> Json:
    parts = [
        {"code": concept(LOINC, "8480-6"), "valueQuantity": systolic},
        {"code": concept(LOINC, "8462-4"), "valueQuantity": diastolic},
    ]
    return observation("85354-9", component=parts, **fields)
