"""A record filed under the wrong person is worse than no record."""

import pytest

from kapstone.errors import InvalidInput
from kapstone.fhir import read_bundle
from tests.core.fhir.bundles import (
    ICD,
    Json,
    bundle,
    concept,
    condition,
    patient,
    resource,
)

ANEURYSM = concept(ICD, "I67.1")


def entries(*pairs: tuple[str | None, Json]) -> Json:
    held = [{"resource": held} | ({"fullUrl": url} if url else {}) for url, held in pairs]
    return {"resourceType": "Bundle", "type": "collection", "entry": held}


def about(reference: object) -> Json:
    return condition(ANEURYSM) | {"subject": reference}


@pytest.mark.parametrize(
    "address",
    ["urn:uuid:1", "https://a.org/Patient/p1", "Patient/p1", "https://a.org/Patient/p1/_history/2"],
)
def test_a_reference_is_found_inside_the_bundle(address: str) -> None:
    url = "urn:uuid:1" if address == "urn:uuid:1" else "https://a.org/Patient/p1"
    read = read_bundle(entries((url, patient()), (None, about({"reference": address}))))
    assert [fact.key for fact in read.facts] == ["dx.aneurysm.current"]


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ({"reference": "Patient/other"}, "is not in the bundle"),
        ({"reference": "https://elsewhere.org/Patient/p1"}, "is not in the bundle"),
        ({"reference": "#p1"}, "is not in the bundle"),
        ({"display": "Ada"}, "is missing"),
        ({"reference": "Condition/r1"}, "not at a Patient"),
    ],
)
def test_a_condition_of_nobody_in_the_bundle_breaks_it(subject: Json, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_bundle(bundle(about(subject)))
    assert says in str(refused.value)


def test_a_condition_of_a_contained_other_person_breaks_the_bundle() -> None:
    other = about({"reference": "#x"}) | {"contained": [patient(id="x", birthDate="1999-01-01")]}
    with pytest.raises(InvalidInput, match="another person"):
        read_bundle(bundle(other))


def test_a_condition_without_a_person_breaks_the_bundle_and_an_observation_is_listed() -> None:
    nameless = condition(ANEURYSM)
    del nameless["subject"]
    with pytest.raises(InvalidInput, match="whose is it"):
        read_bundle(bundle(nameless))
    read = read_bundle(bundle({"resourceType": "Observation", "status": "final"}))
    assert read.not_understood[0].reason == "It does not say whose it is."


def test_the_same_resource_twice_is_read_once_and_two_at_one_address_break() -> None:
    pair = ("urn:uuid:2", condition(ANEURYSM))
    who = ("urn:uuid:1", patient())
    assert len(read_bundle(entries(who, who, pair, pair)).facts) == 1
    with pytest.raises(InvalidInput, match="share the address"):
        read_bundle(entries(who, pair, ("urn:uuid:2", condition(ANEURYSM, "resolved"))))


def test_a_short_reference_that_fits_two_resources_is_not_guessed() -> None:
    drug = resource("MedicationRequest", status="active")
    drug["medicationReference"] = {"reference": "Medication/m"}
    one = {"resourceType": "Medication", "id": "m", "code": concept("", "a")}
    two = one | {"code": concept("", "b")}
    document = entries((None, patient()), ("https://a/1", one), ("https://b/1", two), (None, drug))
    with pytest.raises(InvalidInput, match="two resources"):
        read_bundle(document)


def test_a_resource_without_id_and_the_same_patient_again_are_fine() -> None:
    stroke = condition(ANEURYSM)
    del stroke["id"]
    read = read_bundle(bundle(stroke, patient(), stroke))
    assert {fact.origin.resource_id for fact in read.facts} == {""}


def test_what_is_not_read_is_kept_and_listed() -> None:
    document = bundle(
        {"resourceType": "Claim", "id": "c"},
        condition(ANEURYSM, modifierExtension=[{"url": "urn:not"}]),
        {"resourceType": "Medication", "id": "m"},
    )
    document["entry"] = [*document["entry"], {"request": {"method": "DELETE", "url": "X/1"}}]
    read = read_bundle(document)
    listed = [(line.resource_type, line.path) for line in read.not_understood]
    assert listed == [
        ("", "$.entry[4]"),
        ("Claim", "$.entry[1].resource"),
        ("Condition", "$.entry[2].resource"),
    ]
    assert not read.facts
