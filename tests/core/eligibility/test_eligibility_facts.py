"""What is given is read once: a slip must be an error, never a fact that nobody sees."""

from decimal import Decimal

import pytest

from kapstone.eligibility import read_facts
from kapstone.eligibility.keys import KEYS, Key, Kind
from kapstone.errors import InvalidInput


@pytest.mark.parametrize(
    ("document", "key", "told"),
    [
        ([], "the facts", "one object"),
        ({"sbpp": [120]}, "sbpp", "Did you mean sbp?"),
        ({"zzzzzzzz": 1}, "zzzzzzzz", "Take it out"),
        ({1: 1}, "1", "is not a key"),
        ({"dx.mi.now": True}, "dx.mi.now", "is not a key"),
        ({"capacity": 1}, "capacity", "true or false"),
        ({"capacity": "yes"}, "capacity", "true or false"),
        ({"age_y": "40"}, "age_y", "number"),
        ({"age_y": True}, "age_y", "number"),
        ({"age_y": 121}, "age_y", "from 0 to 120"),
        ({"age_y": -1}, "age_y", "from 0 to 120"),
        ({"weight_kg": float("nan")}, "weight_kg", "from 20 to 400 kg"),
        ({"weight_kg": 10**400}, "weight_kg", "from 20 to 400 kg"),
        ({"weight_kg": float("inf")}, "weight_kg", "from 20 to 400 kg"),
        ({"weight_kg": Decimal("19.99")}, "weight_kg", "from 20 to 400 kg"),
        ({"planned_doses": 1.5}, "planned_doses", "whole"),
        ({"product": "ketamine"}, "product", "RACEMIC, ESKETAMINE"),
        ({"product": 3}, "product", "RACEMIC, ESKETAMINE"),
        ({"contraception": " "}, "contraception", "not empty"),
        ({"contraception": 3}, "contraception", "text"),
        ({"allergies": "ketamine"}, "allergies", "list"),
        ({"allergies": [None]}, "allergies", "text"),
        ({"urinary_symptoms": ["itching"]}, "urinary_symptoms", "frequency"),
        ({"sbp": 120}, "sbp", "list"),
        ({"sbp": [120, None], "dbp": [80, 80]}, "sbp", "number"),
        ({"sbp": [301], "dbp": [80]}, "sbp", "from 30 to 300 mmHg"),
        ({"sbp": [120, 121], "dbp": [80]}, "sbp, dbp", "equal length"),
        ({"sbp": [120], "dbp": []}, "sbp, dbp", "equal length"),
        ({"grapefruit_hours_ago": "never"}, "grapefruit_hours_ago", "none"),
        ({"grapefruit_hours_ago": -1}, "grapefruit_hours_ago", "from 0"),
        ({"medications": "none"}, "medications", "[] says that there are none"),
        ({"medications": ["lithium"]}, "medications[0]", "one object"),
        ({"medications": [{"name": "a"}, {}]}, "medications[1].name", "needed"),
        ({"medications": [{"name": ""}]}, "medications[0].name", "not empty"),
        ({"medications": [{"name": "a", "dose": 1}]}, "dose", "is not a key of medications[0]"),
        (
            {"medications": [{"name": "a", "daily_dose_mg": -1}]},
            "medications[0].daily_dose_mg",
            "0",
        ),
        ({"medications": [{"name": "a", "planned": "yes"}]}, "medications[0].planned", "true"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(document: object, key: str, told: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_facts(document)
    assert caught.value.key == key
    assert told in str(caught.value)


@pytest.mark.hazard(2)
def test_mg_and_mg_per_kg_that_disagree_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"40 mg for 80 kg is 0\.5 mg/kg"):
        read_facts({"dose_mg": 40, "weight_kg": 80, "dose_mg_per_kg": 5})
    with pytest.raises(InvalidInput):
        read_facts({"dose_mg": 40, "weight_kg": 80, "dose_mg_per_kg": 0.4899})
    with pytest.raises(InvalidInput):
        read_facts({"dose_mg": 40, "weight_kg": 80, "dose_mg_per_kg": Decimal("0.5101")})
    read_facts({"dose_mg": 40, "weight_kg": 80, "dose_mg_per_kg": 0.49})
    read_facts({"dose_mg": 40, "weight_kg": 81, "dose_mg_per_kg": 0.5})
    read_facts({"dose_mg": 40, "dose_mg_per_kg": 40 / 3})


def test_null_and_absent_are_the_same_unknown() -> None:
    assert read_facts(dict.fromkeys(KEYS)) == read_facts({})


def test_an_empty_list_of_readings_is_no_reading() -> None:
    assert read_facts({"sbp": [], "dbp": []}) == read_facts({})
    assert read_facts({"allergies": []}).is_known("allergies")
    assert read_facts({"medications": []}).is_known("medications")


def test_the_suicide_screener_skips_only_what_it_does_not_ask() -> None:
    skipped = read_facts({"cssrs.q2": False, "cssrs.q6": False, "cssrs.q5": True})
    assert {key: skipped.get(key) for key in ("cssrs.q3", "cssrs.q4", "cssrs.q6_3mo")} == {
        "cssrs.q3": False,
        "cssrs.q4": False,
        "cssrs.q6_3mo": False,
    }
    assert skipped.get("cssrs.q5") is True
    assert read_facts({"cssrs.q2": True, "cssrs.q6": True}).get("cssrs.q3") is None


EXAMPLES: dict[Kind, object] = {
    Kind.BOOL: False,
    Kind.TEXT: "words",
    Kind.TEXTS: ["words"],
    Kind.MEDICINES: [{"name": "lithium", "route": "PO", "last_taken_h": 3, "planned": False}],
}


@pytest.mark.parametrize("key", KEYS.values(), ids=list(KEYS))
def test_every_key_of_the_contract_is_taken_and_typed(key: Key) -> None:
    good: object
    if key.kind in EXAMPLES:
        good = EXAMPLES[key.kind]
    elif key.kind is Kind.CHOICES:
        good = list(key.words)
    elif key.kind is Kind.READINGS:
        good = [key.minimum, key.maximum]
    else:
        good = key.words[0] if key.words else key.maximum
    read = read_facts({key.name: good})
    assert read.is_known(key.name)
    with pytest.raises(InvalidInput):
        read_facts({key.name: {"not": "a value"}})


def test_the_contract_holds_47_conditions_of_5_facets() -> None:
    assert sum(name.startswith("dx.") for name in KEYS) == 235
    clinic = {"pdmp_other_ketamine", "evaluated_in_person", "tele_cs_allowed"}  # GRD-04, GRD-05
    assert len(KEYS.keys() - clinic) == 314
