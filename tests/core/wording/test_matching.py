"""A question under another's id would score, and alert, for something else."""

import itertools
from dataclasses import replace

import pytest

from kapstone import instruments
from kapstone.instruments import Instrument
from kapstone.wording import How, Match, match, read
from tests.core.wording import made_up
from tests.core.wording.made_up import Json, fhir_item, phq9, redcap_item, small


def _matched(data: bytes, instrument: Instrument | None = None) -> Match:
    return match(read(data), instrument or phq9())


def _refused(found: Match) -> str:
    return " / ".join(problem.words for problem in found.refused)


def _whole(*, answers_coded: bool = True) -> list[Json]:
    return [fhir_item(item, answers_coded=answers_coded) for item in phq9().items]


@pytest.mark.parametrize("answers_coded", [True, False])
def test_a_coded_file_is_matched_whole_and_nothing_is_left_to_confirm(answers_coded: bool) -> None:
    found = _matched(made_up.fhir(_whole(answers_coded=answers_coded)))
    assert (found.refused, found.told, found.to_confirm) == ((), (), frozenset())
    for item in phq9().items:
        assert found.items[item.id] == made_up.words(item)
        assert found.choices[item.id] == {v: made_up.answer(item, v) for v in range(4)}


@pytest.mark.hazard(10)
def test_by_code_neither_the_order_of_questions_nor_of_answers_moves_a_word() -> None:
    """Lists re-ordered by factor circulate, and answer codes that are not in numeric order."""
    straight = _matched(made_up.fhir(_whole()))
    shuffled = [each | {"answerOption": each["answerOption"][::-1]} for each in _whole()[::-1]]
    found = _matched(made_up.fhir(shuffled))
    assert (found.items, found.choices) == (straight.items, straight.choices)
    assert "order is another" in found.told[0].words


def test_the_difficulty_answers_keep_their_values_though_their_codes_run_otherwise() -> None:
    """LA6575-0 is the third answer and LA6574-3 the fourth."""
    found = _matched(made_up.fhir(_whole()))
    difficulty = phq9().items[-1]
    assert [choice.loinc for choice in difficulty.choices][2:] == ["LA6575-0", "LA6574-3"]
    assert found.choices["difficulty"][3] == made_up.answer(difficulty, 3)


@pytest.mark.hazard(10)
@pytest.mark.parametrize("code", ["44256-6", "69722-7", ""])
def test_a_file_without_item_9_is_refused_whatever_its_difficulty_is_coded(code: str) -> None:
    """The R4 example of HL7 has eight items and difficulty under an old code."""
    items = [each for each in _whole() if each["linkId"] != "/q9"]
    items[-1]["code"] = [{"system": made_up.LOINC, "code": code}] if code else []
    found = _matched(made_up.fhir(items))
    assert "thoughts of death or self-harm (its answer alerts)" in _refused(found)
    assert "q9" not in found.items


@pytest.mark.hazard(10)
def test_item_9_is_never_taken_from_a_question_with_another_code() -> None:
    items = _whole()
    items[8]["code"] = [{"system": made_up.LOINC, "code": "44256-6"}]
    assert "The file's code is 44256-6, this item's is 44260-8." in _refused(
        _matched(made_up.fhir(items))
    )


def test_a_wrong_code_is_said_and_must_be_confirmed() -> None:
    """US Core's AUDIT-C has 68517-2 where its first item should be 68518-0."""
    items = _whole()
    items[0]["code"] = [{"system": made_up.LOINC, "code": "68517-2"}]
    found = _matched(made_up.fhir(items))
    assert found.to_confirm == {"q1"}
    assert found.lines[0].other_code == "The file's code is 68517-2, this item's is 44250-9."
    assert found.lines[0].how is How.ORDER
    uncoded = replace(phq9(), items=(replace(phq9().items[0], loinc=""), *phq9().items[1:]))
    assert "this item's is none" in _matched(made_up.fhir(items), uncoded).lines[0].other_code


def test_a_file_without_codes_is_matched_by_order_and_each_item_must_be_confirmed() -> None:
    data = made_up.redcap(redcap_item(item) for item in phq9().items)
    found = _matched(data)
    assert found.refused == ()
    assert found.to_confirm == {item.id for item in phq9().items}
    assert {line.values_how for line in found.lines} == {How.VALUE}


def test_answers_without_value_or_code_go_by_order_and_must_be_confirmed() -> None:
    items = [fhir_item(item) for item in small().items]
    items[0]["answerOption"] = [{"valueString": words} for words in "abcd"]
    found = _matched(made_up.fhir(items), small())
    assert found.to_confirm == {"q1"}
    assert found.lines[0].how is How.CODE
    assert found.choices["q1"] == dict(enumerate("abcd"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("0, a | 1, b | 2, c", "Its values are 0, 1, 2; those of interest / pleasure are 0, 1"),
        ("1, a | 2, b | 3, c | 4, d", "Its values are 1, 2, 3, 4"),
        ("0, a | 1, b | 2, c | 3, d | 4, e", "0, 1, 2, 3, 4"),
        ("0, a | 1, b | 1, c | 3, d", "0, 1, 1, 3"),
        ("0, a | 1, A | 2, c | 3, d", "read the same"),
        ("0, a | 1, | 2, c | 3, d", "no words"),
        ("0, a | x, b | 2, c | 3, d", "1 of its answers have no value"),
        ("x, a | y, b | z, c", "3 of its answers have no value"),
    ],
)
def test_answers_that_differ_are_refused_with_what_differs(options: str, said: str) -> None:
    rows = [redcap_item(item) for item in small().items]
    rows[0] = made_up.field("b", "radio", "How blue?", options)
    assert said in _refused(_matched(made_up.redcap(rows), small()))


def test_a_code_and_a_value_that_contradict_each_other_are_refused() -> None:
    items = [made_up.lhc_item(item) for item in small().items]
    items[0]["answers"][1]["score"], items[0]["answers"][2]["score"] = 2, 1
    found = _matched(made_up.lhc(items), small())
    assert "LA6569-3 is the value 1; the file gives it 2." in _refused(found)


def test_null_scores_go_by_answer_code() -> None:
    data = made_up.lhc(made_up.lhc_item(item, scores=False) for item in small().items)
    found = _matched(data, small())
    assert (found.refused, found.to_confirm) == ((), frozenset())
    assert {line.values_how for line in found.lines} == {How.CODE}


def test_too_few_or_too_many_questions_are_refused_by_name() -> None:
    extra = made_up.field("kite", "radio", "A kite?", "0, a | 1, b")
    rows = [redcap_item(item) for item in small().items]
    assert "The file asks 4, PHQ-9 3." in _refused(
        _matched(made_up.redcap([*rows, extra]), small())
    )
    coded = [fhir_item(item) for item in small().items]
    kite = fhir_item(phq9().items[4], coded=False)
    found = _matched(made_up.fhir([*coded, kite]), small())
    assert f"Belongs to no item: {made_up.words(phq9().items[4])}" in _refused(found)


def test_only_an_unscored_item_may_be_absent_and_only_where_all_else_is_coded() -> None:
    coded = [each for each in _whole() if each["linkId"] != "/difficulty"]
    found = _matched(made_up.fhir(coded))
    assert found.refused == ()
    assert "difficulty" not in found.items
    uncoded = [redcap_item(item) for item in phq9().items[:-1]]
    assert "functional difficulty" in _refused(_matched(made_up.redcap(uncoded)))


def test_a_code_on_two_questions_is_refused() -> None:
    items = [fhir_item(item) for item in small().items]
    items[1]["code"] = items[0]["code"]
    assert "stands on 2 questions" in _refused(_matched(made_up.fhir(items), small()))


def test_a_question_without_words_is_refused() -> None:
    items = [fhir_item(item) | {"text": "<br/>"} for item in small().items]
    assert "has no words" in _refused(_matched(made_up.fhir(items), small()))


def test_another_panel_of_loinc_is_refused() -> None:
    panel = [{"system": made_up.LOINC, "code": "89204-2"}]
    found = _matched(made_up.fhir(_whole(), code=panel))
    assert "LOINC panel 89204-2; PHQ-9 is 44249-1" in _refused(found)
    same = [{"system": made_up.LOINC, "code": "44249-1"}]
    assert _matched(made_up.fhir(_whole(), code=same)).refused == ()


def test_the_known_misprint_of_the_lowest_answer_is_refused() -> None:
    """GAD-7 reprints with a word too many. Source: Zorowitz 2021."""
    gad7 = instruments.load("gad7")
    rows = [redcap_item(item) for item in gad7.items]
    assert _matched(made_up.redcap(rows), gad7).refused == ()
    wrong = " ".join(["Not", "at", "all", "sure"])
    for row in rows:
        row[5] = row[5].replace(row[5].split(" | ")[0], f"0, {wrong}.")
    assert "Zorowitz 2021" in _refused(_matched(made_up.redcap(rows), gad7))


@pytest.mark.parametrize("held", instruments.ids())
def test_a_file_of_each_instrument_is_matched_to_it_or_refused_for_its_licence(held: str) -> None:
    instrument = instruments.load(held)
    found = _matched(made_up.redcap(redcap_item(item) for item in instrument.items), instrument)
    if instrument.licence.status == "proprietary":
        assert "proprietary" in _refused(found)
        return
    assert found.refused == ()
    assert found.to_confirm == {item.id for item in instrument.items}
    assert all(tuple(found.choices[item.id]) == item.values for item in instrument.items)


def test_what_is_proprietary_is_never_imported() -> None:
    owned = replace(phq9(), licence=replace(phq9().licence, status="proprietary"))
    assert "proprietary" in _refused(_matched(made_up.fhir(_whole()), owned))


@pytest.mark.hazard(10)
@pytest.mark.parametrize("swapped", list(itertools.combinations(range(10), 2))[::5])
def test_two_questions_that_change_places_still_keep_their_own_words(
    swapped: tuple[int, int],
) -> None:
    items, (one, other) = _whole(), swapped
    items[one], items[other] = items[other], items[one]
    found = _matched(made_up.fhir(items))
    assert found.items == {item.id: made_up.words(item) for item in phq9().items}
