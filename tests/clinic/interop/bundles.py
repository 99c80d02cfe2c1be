"""Bundles for the tests: one synthetic person and what a record says of them."""

import json

PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [{"system": "urn:clinic:other", "value": "A-1"}],
    "name": [{"use": "official", "family": "Vogel", "given": ["Kim"]}],
    "gender": "female",
    "birthDate": "1985-04-12",
    "telecom": [{"system": "phone", "value": "555-0100"}, {"system": "email", "value": "not one"}],
}
LOINC, ICD10 = "http://loinc.org", "http://hl7.org/fhir/sid/icd-10-cm"
SUBJECT = {"reference": "Patient/p1"}


def coded(system: str, code: str, display: str = "") -> dict[str, object]:
    return {"coding": [{"system": system, "code": code, "display": display or code}]}


def condition(code: str, status: str = "active", display: str = "") -> dict[str, object]:
    return {
        "resourceType": "Condition",
        "id": f"c-{code.replace('.', '-')}",
        "subject": SUBJECT,
        "clinicalStatus": coded("http://terminology.hl7.org/CodeSystem/condition-clinical", status),
        "code": coded(ICD10, code, display),
        "onsetDateTime": "2019-05-01",
    }


def observation(code: str, value: float, unit: str, when: str) -> dict[str, object]:
    return {
        "resourceType": "Observation",
        "id": f"o-{code}-{when[:10]}",
        "status": "final",
        "subject": SUBJECT,
        "code": coded(LOINC, code),
        "effectiveDateTime": when,
        "valueQuantity": {
            "value": value,
            "unit": unit,
            "system": "http://unitsofmeasure.org",
            "code": unit,
        },
    }


def medicine(name: str, status: str = "active", ident: str = "m1") -> dict[str, object]:
    return {
        "resourceType": "MedicationStatement",
        "id": ident,
        "status": status,
        "subject": SUBJECT,
        "medicationCodeableConcept": {"text": name, "coding": [{"display": name, "code": name}]},
    }


def allergy(name: str) -> dict[str, object]:
    return {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": SUBJECT,
        "code": {"text": name, "coding": [{"display": name, "code": name}]},
    }


def bundle(*resources: dict[str, object], patient: dict[str, object] | None = None) -> str:
    entries = [patient or PATIENT, *resources]
    return json.dumps(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [
                {"fullUrl": f"http://other/{r['resourceType']}/{r['id']}", "resource": r}
                for r in entries
            ],
        }
    )


WHOLE = bundle(
    condition("I71.4"),
    condition("Z99.9", display="Something no row of the map knows"),
    observation("29463-7", 81.5, "kg", "2026-02-01T10:00:00Z"),
    observation("29463-7", 80, "kg", "2025-02-01T10:00:00Z"),
    observation("29463-7", 4, "kg", "1985-04-13T10:00:00Z"),
    medicine("sertraline"),
    medicine("sertraline", ident="m2"),
    medicine("phenelzine", "stopped", "m3"),
    allergy("Penicillin"),
    {
        "resourceType": "Observation",
        "id": "bp",
        "status": "final",
        "subject": SUBJECT,
        "code": coded(LOINC, "85354-9"),
        "effectiveDateTime": "2026-02-01T10:00:00Z",
        "component": [
            {
                "code": coded(LOINC, code),
                "valueQuantity": {
                    "value": value,
                    "unit": "mm[Hg]",
                    "system": "http://unitsofmeasure.org",
                    "code": "mm[Hg]",
                },
            }
            for code, value in (("8480-6", 185), ("8462-4", 115))
        ],
    },
    {"resourceType": "Encounter", "id": "e1", "status": "finished"},
)


def phq9(total: int, item_9: int, when: str) -> tuple[dict[str, object], ...]:
    return (
        observation("44261-6", total, "{score}", when),
        observation("44260-8", item_9, "{score}", when),
    )
