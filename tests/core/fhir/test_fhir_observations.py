"""A weight in pounds read as kilograms is a double dose; an old pressure is no sign of today."""

from decimal import Decimal

import pytest

from kapstone.errors import InvalidInput
from kapstone.fhir import read_bundle
from kapstone.fhir.values import Referral
from tests.core.fhir.bundles import (
    LOINC,
    SCT,
    UCUM,
    Json,
    bundle,
    concept,
    observation,
    pressure,
    quantity,
    resource,
)


@pytest.mark.parametrize(
    ("code", "stated", "key", "value"),
    [
        ("29463-7", quantity(70.3, "kg"), "weight_kg", "70.3"),
        ("29463-7", quantity(70300, "g"), "weight_kg", "70.3"),
        ("29463-7", quantity(185, "[lb_av]"), "weight_kg", "83.91"),
        ("8302-2", quantity(1.7, "m"), "height_cm", "170"),
        ("8302-2", quantity(70, "[in_i]"), "height_cm", "177.8"),
        ("8310-5", quantity(98.6, "[degF]"), "temp_c", "37"),
        ("8310-5", quantity(36.5, "Cel"), "temp_c", "36.5"),
        ("8867-4", quantity(60, "{beats}/min"), "hr", "60"),
        ("8636-3", quantity(0.41, "s"), "ecg_qtc_ms", "410"),
    ],
)
def test_a_unit_is_converted_by_the_table(code: str, stated: Json, key: str, value: str) -> None:
    read = read_bundle(bundle(observation(code, stated)))
    assert [(one.key, one.value) for one in read.measurements] == [(key, Decimal(value))]
    lasting = key in ("weight_kg", "height_cm", "ecg_qtc_ms")
    assert [fact.key for fact in read.facts] == ([key] if lasting else [])


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        (quantity(11, "[stone_av]"), "[stone_av] is not read"),
        ({"value": 70, "unit": "kg"}, "unit kg is not read"),
        ({"value": 70}, "unit (none) is not read"),
        ({"value": 70, "code": "kg", "system": "urn:mine"}, "unit kg is not read"),
        ({"code": "kg", "system": UCUM}, "holds no number"),
        (quantity(70, "kg") | {"comparator": ">"}, "a bound"),
        (quantity(0, "kg"), "outside 20 to 400"),
        (quantity(700, "kg"), "outside 20 to 400"),
        (None, "no number for weight_kg"),
    ],
)
def test_a_weight_that_is_not_understood_is_listed_and_not_guessed(
    stated: Json | None, says: str
) -> None:
    read = read_bundle(bundle(observation("29463-7", stated)))
    assert (read.measurements, read.facts) == ((), ())
    assert says in read.not_understood[0].reason


def test_the_newest_weight_is_the_fact_and_an_undated_one_never_is() -> None:
    def weigh(kg: int, when: str | None) -> Json:
        dated = {} if when is None else {"effectiveDateTime": when}
        return observation("29463-7", quantity(kg, "kg"), **dated)

    read = read_bundle(bundle(weigh(80, "2024"), weigh(70, "2023-12-31"), weigh(60, None)))
    assert [one.value for one in read.measurements] == [60, 70, 80]
    assert [(fact.key, fact.value) for fact in read.facts] == [("weight_kg", 80)]


def test_pressures_stand_oldest_first_and_are_no_facts_of_today() -> None:
    def reading(sbp: int, dbp: int, when: str) -> Json:
        stated = quantity(sbp, "mm[Hg]"), quantity(dbp, "mm[Hg]")
        return pressure(*stated, effectiveDateTime=when)

    read = read_bundle(bundle(reading(150, 95, "2024-02-01"), reading(120, 80, "2023-02-01")))
    assert (read.sbp, read.dbp, read.facts) == ((120, 150), (80, 95), ())


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (pressure(quantity(80, "mm[Hg]"), quantity(120, "mm[Hg]")), "not above"),
        (pressure(quantity(12, "kPa"), quantity(8, "kPa")), "kPa is not read"),
        (observation("85354-9"), "lacks the systolic"),
        (observation("85354-9", component=[{"code": concept(LOINC, "8867-4")}]), "lacks"),
        (observation("29463-7", quantity(70, "kg"), status="preliminary"), "preliminary"),
        (resource("Observation", status="final"), "what was observed"),
    ],
)
def test_an_observation_that_cannot_be_used_is_listed(made: Json, says: str) -> None:
    read = read_bundle(bundle(made))
    assert (read.blood_pressures, read.measurements) == ((), ())
    assert says in read.not_understood[0].reason


def test_an_unmapped_observation_is_a_question_even_with_a_mapped_code_of_another_system() -> None:
    read = read_bundle(
        bundle(
            observation("718-7"),
            resource("Observation", status="final", code=concept(SCT, "128609009")),
        )
    )
    assert len(read.questions) == 2
    assert read.facts == ()


def scores(*made: Json) -> Referral:
    return read_bundle(bundle(*made))


def test_a_score_is_known_by_its_code_under_any_category() -> None:
    filed = {"category": [concept("urn:c", "laboratory")]}
    read = scores(
        observation("44261-6", quantity(14, "{score}"), effectiveDateTime="2024", **filed),
        observation("44261-6", valueInteger=20, effectiveDateTime="2023"),
        observation("70274-6", quantity(9, "1")),
        observation("44260-8", valueInteger=2),
    )
    assert [(one.instrument, one.total) for one in read.scores] == [
        ("gad7", 9),
        ("phq9", None),
        ("phq9", 20),
        ("phq9", 14),
    ]
    assert {(fact.key, fact.value) for fact in read.facts} == {("phq9", 14), ("phq9_item9", 2)}


def test_a_score_sent_as_words_is_listed_and_not_guessed() -> None:
    """US Core's examples send PHQ-9 as a string, filed under disability-status."""
    filed = {"category": [concept("urn:c", "disability-status")]}
    read = scores(observation("44261-6", valueString="12", **filed))
    assert (read.scores, read.facts) == ((), ())
    assert "0 to 27" in read.not_understood[0].reason


@pytest.mark.parametrize("stated", [28, -1, 3.5, None])
def test_an_impossible_score_is_listed(stated: float | None) -> None:
    given = None if stated is None else quantity(stated, "{score}")
    read = scores(observation("44261-6", given))
    assert (read.scores, read.facts) == ((), ())
    assert "0 to 27" in read.not_understood[0].reason


PHQ9 = (
    *("44250-9", "44255-8", "44259-0", "44254-1", "44251-7"),
    *("44258-2", "44252-5", "44253-3", "44260-8"),
)


def answered(answers: dict[str, object], status: str = "completed", **fields: object) -> Json:
    items = [
        {"linkId": f"/{code}", "answer": [given] if isinstance(given, dict) else given}
        for code, given in answers.items()
    ]
    group = {"linkId": "g", "item": items[:-1]}
    nested = {"linkId": "n", "answer": [{"valueString": "x", "item": items[-1:]}]}
    item = [group, nested]
    return resource("QuestionnaireResponse", status=status, item=item, **fields)


def whole(value: object) -> Json:
    return {"valueInteger": value}


def test_nine_answers_make_a_total_and_item_9_a_fact() -> None:
    coded = {"valueCoding": {"code": "LA6571-9"}}
    read = scores(answered({code: whole(1) for code in PHQ9[:8]} | {PHQ9[8]: coded}))
    assert (read.scores[0].total, dict(read.scores[0].items)["44260-8"]) == (11, 3)
    assert {(fact.key, fact.value) for fact in read.facts} == {("phq9", 11), ("phq9_item9", 3)}


def test_some_answers_make_no_total() -> None:
    read = scores(answered({"44260-8": {"valueDecimal": 1.0}, "44250-9": [], "69725-0": whole(2)}))
    assert [(one.instrument, one.total, one.items) for one in read.scores] == [
        ("gad7", None, (("69725-0", 2),)),
        ("phq9", None, (("44260-8", 1),)),
    ]


def test_a_stated_total_stands_where_it_agrees_or_nothing_contradicts_it() -> None:
    ones = {code: whole(1) for code in PHQ9}
    agreeing = scores(answered(ones | {"44261-6": whole(9), "x": whole(1)}))
    alone = scores(answered({"44261-6": whole(7), "70274-6": whole(3), "x": whole(1)}))
    assert agreeing.scores[0].total == 9
    assert [one.total for one in alone.scores] == [3, 7]


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (answered({code: whole(1) for code in PHQ9} | {"44261-6": whole(8)}), "not the sum"),
        (answered({"44260-8": whole(4)}), "cannot be read"),
        (answered({"44260-8": {"valueDecimal": 1.5}}), "cannot be read"),
        (answered({"44260-8": {"valueCoding": {"code": "LA9"}}}), "cannot be read"),
        (answered({"44260-8": {"valueCoding": {}}}), "cannot be read"),
        (answered({"44260-8": {"valueString": "often"}}), "cannot be read"),
        (answered({"44260-8": [whole(1), whole(2)]}), "cannot be read"),
        (answered({"44260-8": whole(1), "a/44260-8": whole(2)}), "cannot be read"),
        (answered({"44260-8": []}), "no answer"),
        (answered({"44260-8": whole(1)}, status="in-progress"), "in-progress"),
    ],
)
def test_answers_that_do_not_add_up_are_listed(made: Json, says: str) -> None:
    read = scores(made)
    assert (read.scores, read.facts) == ((), ())
    assert says in read.not_understood[0].reason


def test_an_item_may_name_its_code_in_its_definition() -> None:
    item = {"linkId": "1", "definition": f"{LOINC}/q|44260-8", "answer": [whole(1)]}
    read = scores(resource("QuestionnaireResponse", status="completed", item=[item, {}]))
    assert read.scores[0].items == (("44260-8", 1),)


def test_another_questionnaire_is_a_question() -> None:
    read = scores(resource("QuestionnaireResponse", status="completed", questionnaire="urn:q"))
    assert read.questions[0].coded.display == "urn:q"
    assert read.not_understood == ()


def test_a_number_of_the_wrong_type_breaks_the_bundle() -> None:
    with pytest.raises(InvalidInput, match=r"valueQuantity\.value"):
        scores(observation("29463-7", {"value": "70", "code": "kg", "system": UCUM}))
