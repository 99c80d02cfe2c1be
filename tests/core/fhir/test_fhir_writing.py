"""What leaves the clinic is read as it stands: a wrong code or a zero is a wrong record."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given, settings
from hypothesis import strategies as st

from kapstone import fhir, instruments
from kapstone.fhir.writing import AnswerSet, Subject, bundle
from tests.core.instruments import answers as drawn

AT = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)
ADA = Subject(
    id="6f1a0a52-0000-4000-8000-000000000001",
    record_number="R17",
    given_name="Ada",
    family_name="Testerman",
    birth_date=date(1980, 2, 29),
    sex="female",
)


def answer_set(instrument: str, answered: dict, number: int = 2, **more: object) -> AnswerSet:
    held = instruments.load(instrument)
    scored = instruments.score(held, answered)
    known = {
        "id": f"6f1a0a52-0000-4000-8000-{number:012}",
        "instrument": held.id,
        "version": held.version,
        "observed_at": AT,
        "recorded_at": AT + timedelta(hours=1),
        "answers": {key: float(v) if not isinstance(v, int) else v for key, v in answered.items()},
        "scores": scored.plain_scores(),
        "bands": scored.bands,
        "marks": scored.marks,
        "by_staff": True,
    }
    return AnswerSet(**known | more)


def made(*sets: AnswerSet) -> list[dict]:
    """The resources, each valid by an independent reader, through JSON and back."""
    document = json.loads(json.dumps(bundle(ADA, sets, AT)))
    get_fhir_model_class("Bundle").model_validate(document)
    found = [entry["resource"] for entry in document["entry"]]
    for each in found:
        get_fhir_model_class(each["resourceType"]).model_validate(each)
    addresses = [entry["fullUrl"] for entry in document["entry"]]
    assert len(set(addresses)) == len(addresses)
    return found


def of_type(found: list[dict], kind: str) -> list[dict]:
    return [each for each in found if each["resourceType"] == kind]


def coded(found: list[dict], code: str) -> dict:
    return next(
        o for o in found if code in {c["code"] for c in o.get("code", {}).get("coding", [])}
    )


@pytest.mark.parametrize("instrument", instruments.ids())
@settings(max_examples=5)
@given(data=st.data())
def test_every_instrument_is_valid_r4_and_nothing_of_ours_poses_as_its_text(
    instrument: str, data: st.DataObject
) -> None:
    held = instruments.load(instrument)
    answered = data.draw(drawn.sets(held))
    found = made(answer_set(instrument, answered))
    (response,) = of_type(found, "QuestionnaireResponse")
    assert response["questionnaire"].endswith(f":{held.id}|{held.version}")
    assert len(response["item"]) == len(answered)
    labels = {item.label for item in held.items}
    assert not [each for each in response["item"] if each.keys() - {"linkId", "answer"}]
    assert "display" not in json.dumps(response["item"])
    assert not labels & {str(each.get("display")) for each in response["item"]}
    for each in of_type(found, "Observation"):
        assert each["category"][0]["coding"][0]["code"] == "survey"
        assert each["derivedFrom"] == [{"reference": f"urn:uuid:{response['id']}"}]
        assert each["method"]["coding"][0]["version"] == held.version
        values = [key for key in each if key.startswith("value")]
        assert bool(values) != ("dataAbsentReason" in each)


def test_a_phq9_is_read_back_by_our_own_reader() -> None:
    answered = {f"q{n}": n % 4 for n in range(1, 10)}
    document = bundle(ADA, [answer_set("phq9", answered)], AT)
    read = fhir.read_bundle(json.loads(json.dumps(document)))
    total = sum(answered.values())
    assert {each.total for each in read.scores if each.total is not None} == {total}
    assert ("44260-8", 1) in {item for each in read.scores for item in each.items}
    assert read.not_understood == ()


def test_a_score_carries_its_codes_band_and_source() -> None:
    found = made(answer_set("phq9", {f"q{n}": 1 for n in range(1, 10)}))
    total = coded(found, "44261-6")
    assert total["valueQuantity"] == {
        "value": 9, "unit": "{score}", "system": "http://unitsofmeasure.org", "code": "{score}"
    }  # fmt: skip
    assert total["interpretation"][0]["text"] == "mild, 5 to 9"
    assert total["note"][0]["text"].startswith("Bands: ")
    assert (total["status"], total["effectiveDateTime"]) == ("final", "2026-03-04T17:30:00+00:00")
    first = of_type(found, "QuestionnaireResponse")[0]["item"][0]
    assert first["linkId"] == "/44250-9"
    assert first["answer"][0]["valueCoding"]["code"] == "LA6569-3"


@pytest.mark.hazard(10)
def test_what_was_left_out_is_absent_and_never_zero() -> None:
    found = made(answer_set("phq9", {f"q{n}": 0 for n in range(1, 6)}))
    (response,) = of_type(found, "QuestionnaireResponse")
    assert len(response["item"]) == 5
    total = coded(found, "44261-6")
    assert "valueQuantity" not in total
    assert total["dataAbsentReason"]["coding"][0]["code"] == "unknown"
    assert "44260-8" not in json.dumps(of_type(found, "Observation"))
    prorated = coded(made(answer_set("phq9", {f"q{n}": 1 for n in range(1, 9)})), "44261-6")
    assert prorated["note"][0]["text"] == "8 of 9 answered, item 9 missing"


def test_a_lower_bound_says_so_and_a_tier_and_a_flag_are_no_numbers() -> None:
    screened = made(answer_set("cssrs_screener", {"q1": 1, "q2": 1, "q3": 1}))
    level = coded(screened, "93293-9")
    assert level["valueQuantity"]["comparator"] == ">="
    assert "dataAbsentReason" in coded(screened, "93374-7")
    yes = dict.fromkeys(("q1", "q2", "q3", "q4", "q5"), 1) | {"q6": 0}
    tier = coded(made(answer_set("cssrs_screener", yes)), "93374-7")
    assert tier["valueCodeableConcept"]["coding"][0]["code"] == "high"
    flag = coded(made(answer_set("phq9", {f"q{n}": 3 for n in range(1, 10)})), "phq9.mds_algorithm")
    assert flag["valueBoolean"] is True


def test_a_decimal_answer_stays_one() -> None:
    found = made(answer_set("srs", {"q1": 9.5, "q2": 9, "q3": 8, "q4": 7}, by_staff=False))
    (response,) = of_type(found, "QuestionnaireResponse")
    assert response["item"][0]["answer"] == [{"valueDecimal": 9.5}]
    assert response["item"][1]["answer"] == [{"valueInteger": 9}]
    assert response["author"] == {"reference": f"urn:uuid:{ADA.id}"}


def test_what_was_corrected_is_an_error_and_the_correction_says_of_what_and_why() -> None:
    whole = {f"q{n}": 1 for n in range(1, 10)}
    first = answer_set("phq9", whole, replaced=True)
    second = answer_set(
        "phq9", whole | {"q1": 3}, 3, replaces=first.id, reason="read from the wrong column"
    )
    found = made(first, second)
    assert [each["status"] for each in of_type(found, "QuestionnaireResponse")] == [
        "entered-in-error",
        "amended",
    ]
    statuses = {each["status"] for each in of_type(found, "Observation")}
    assert statuses == {"entered-in-error", "amended"}
    (told,) = of_type(found, "Provenance")
    assert told["entity"][0]["what"] == {"reference": f"urn:uuid:{first.id}"}
    assert told["reason"] == [{"text": "read from the wrong column"}]
    read = fhir.read_bundle(json.loads(json.dumps(bundle(ADA, [first, second], AT))))
    assert {each.total for each in read.scores if each.total is not None} == {11}
