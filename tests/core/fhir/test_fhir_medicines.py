"""A medicine missed, doubled or believed stopped is an interaction nobody looks for."""

from decimal import Decimal

import pytest

from kapstone.errors import InvalidInput
from kapstone.fhir import read_bundle
from kapstone.fhir.values import Medicine
from tests.core.fhir.bundles import RXNORM, SCT, Json, bundle, concept, quantity, resource

SERTRALINE = concept(RXNORM, "312941", "sertraline 50 MG Oral Tablet")


def request(**fields: object) -> Json:
    given = {"status": "active", "medicationCodeableConcept": SERTRALINE}
    return resource("MedicationRequest", **(given | fields))


def medicine(**fields: object) -> Medicine:
    return read_bundle(bundle(request(**fields))).medicines[0]


def dosage(repeat: Json | None, dose: Json | None = None, **fields: object) -> list[Json]:
    timing = {"timing": {} if repeat is None else {"repeat": repeat}}
    amounts = [{}] if dose is None else [{"doseQuantity": dose}]
    return [{"doseAndRate": amounts, **timing, **fields}]


@pytest.mark.parametrize(
    ("name", "ingredients"),
    [
        ("sertraline 50 MG Oral Tablet", ("sertraline",)),
        ("24 HR venlafaxine 150 MG Extended Release Oral Capsule", ("venlafaxine",)),
        ("Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet", ("amoxicillin", "clavulanate")),
        ("Zoloft", ()),
    ],
)
def test_the_ingredient_is_read_from_an_rxnorm_name_or_asked_for(
    name: str, ingredients: tuple[str, ...]
) -> None:
    read = read_bundle(bundle(request(medicationCodeableConcept=concept(RXNORM, "1", name))))
    assert read.medicines[0].ingredients == ingredients
    assert bool(read.questions) == (not ingredients)


@pytest.mark.parametrize(
    ("repeat", "dose", "daily"),
    [
        ({"frequency": 2, "period": 1, "periodUnit": "d"}, quantity(50, "mg"), "100"),
        ({"period": 12, "periodUnit": "h"}, quantity(0.5, "g"), "1000"),
        ({"period": 2, "periodUnit": "d"}, quantity(125, "ug"), "0.062"),
        ({"period": 1, "periodUnit": "wk"}, quantity(50, "mg"), None),
        ({"period": 1, "periodUnit": "d"}, quantity(2, "{tbl}"), None),
        ({"period": 0, "periodUnit": "d"}, quantity(50, "mg"), None),
        ({"period": -1, "periodUnit": "d"}, quantity(50, "mg"), None),
        (
            {"frequency": 1, "frequencyMax": 2, "period": 1, "periodUnit": "d"},
            quantity(5, "mg"),
            None,
        ),
        ({"period": 1, "periodMax": 2, "periodUnit": "d"}, quantity(5, "mg"), None),
        ({"period": 1, "periodUnit": "d"}, None, None),
        (None, quantity(50, "mg"), None),
    ],
)
def test_a_daily_dose_is_read_only_where_nothing_is_left_open(
    repeat: Json | None, dose: Json | None, daily: str | None
) -> None:
    read = medicine(dosageInstruction=dosage(repeat, dose))
    assert read.daily_dose_mg == (None if daily is None else Decimal(daily))


def test_as_needed_two_dosages_or_none_give_no_daily_dose() -> None:
    plain = dosage({"period": 1, "periodUnit": "d"}, quantity(50, "mg"))
    as_needed = [plain[0] | {"asNeededBoolean": True}]
    untimed = [{"doseAndRate": [{"doseQuantity": quantity(50, "mg")}]}]
    for written in (as_needed, plain * 2, untimed, []):
        assert medicine(dosageInstruction=written).daily_dose_mg is None


@pytest.mark.parametrize(
    ("route", "read"),
    [
        (concept(SCT, "26643006", "by mouth"), "oral"),
        (concept(SCT, "1", "under a stone"), "under a stone"),
        (concept(SCT, "1"), None),
        (None, None),
    ],
)
def test_the_route_is_the_coded_one_or_the_records_words(
    route: Json | None, read: str | None
) -> None:
    fields = {} if route is None else {"route": route}
    assert medicine(dosageInstruction=dosage(None, **fields)).route == read


def test_a_stopped_medicine_is_listed_as_stopped() -> None:
    assert medicine(status="stopped").status == "stopped"


def test_a_medicine_without_status_breaks_the_bundle() -> None:
    with pytest.raises(InvalidInput, match="status: is missing"):
        medicine(status="")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"doNotPerform": True}, "not to give"),
        ({"medicationCodeableConcept": {}}, "names no medicine"),
        ({"status": "entered-in-error"}, "entered-in-error"),
    ],
)
def test_what_is_no_medicine_taken_is_listed(fields: Json, says: str) -> None:
    read = read_bundle(bundle(request(**fields)))
    assert read.medicines == ()
    assert says in read.not_understood[0].reason


def referring(reference: str, **fields: object) -> Json:
    made = request(medicationReference={"reference": reference}, **fields)
    del made["medicationCodeableConcept"]
    return made


def test_a_medicine_is_found_by_reference_with_all_its_ingredients() -> None:
    inside = [{"itemCodeableConcept": concept(RXNORM, "2", "Diphenhydramine 25 MG")}, {}]
    held = {"resourceType": "Medication", "id": "m", "code": SERTRALINE, "ingredient": inside}
    near = read_bundle(bundle(referring("#m", contained=[held])))
    far = read_bundle(bundle(referring("Medication/m"), held))
    for read in (near, far):
        assert read.medicines[0].ingredients == ("sertraline", "diphenhydramine")


def test_a_medicine_that_is_not_in_the_bundle_breaks_it() -> None:
    with pytest.raises(InvalidInput, match="nothing is fetched"):
        read_bundle(bundle(referring("Medication/gone")))


def allergy(**fields: object) -> Json:
    given = {"code": concept(RXNORM, "6130", "Ketamine"), "criticality": "high"}
    return resource("AllergyIntolerance", **(given | fields))


def test_an_allergy_is_read_with_every_name_it_has() -> None:
    code = {
        "coding": [{"system": SCT, "code": "1", "display": "Ketamin"}, {"system": SCT, "code": "2"}]
    }
    read = read_bundle(bundle(allergy(code=code, clinicalStatus=concept("x", "active"))))
    assert read.allergies[0].substances == ("Ketamin", "2")
    assert (read.allergies[0].criticality, read.allergies[0].status) == ("high", "active")


def test_an_unconfirmed_allergy_is_kept_and_asked_about() -> None:
    read = read_bundle(bundle(allergy(verificationStatus=concept("x", "unconfirmed"))))
    assert len(read.allergies) == len(read.questions) == 1


@pytest.mark.parametrize(
    ("code", "says"), [(concept(SCT, "409137002"), "no such allergy"), ({}, "names no substance")]
)
def test_a_statement_of_no_allergy_is_never_believed(code: Json, says: str) -> None:
    read = read_bundle(bundle(allergy(code=code)))
    assert read.allergies == ()
    assert says in read.not_understood[0].reason
