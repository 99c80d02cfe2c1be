"""A wrong score sends a person to the wrong care; a missed item 9 may cost a life."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kapstone import instruments
from kapstone.errors import InvalidInput
from kapstone.risk import LEVELS, AlertLevel, item_9_trigger

PHQ9 = instruments.load("phq9")
GAD7 = instruments.load("gad7")
PHQ_ITEMS = [f"q{n}" for n in range(1, 10)]
ANSWER = st.integers(0, 3)
RESPONSES = st.fixed_dictionaries({}, optional={item: ANSWER | st.none() for item in PHQ_ITEMS})


def phq9(**changed: int | None) -> instruments.ScoredResponse:
    return instruments.score(PHQ9, dict.fromkeys(PHQ_ITEMS, 0) | changed)


def alert_ids(result: instruments.ScoredResponse) -> list[str]:
    return [alert.id for alert in result.alerts]


@pytest.mark.hazard(10)
@given(RESPONSES, st.integers(1, 3))
def test_item_9_alerts_whatever_else_is_answered_or_skipped(
    others: dict[str, int | None], answer: int
) -> None:
    result = instruments.score(PHQ9, others | {"q9": answer})
    assert "si_item" in alert_ids(result)
    assert ("si_frequent" in alert_ids(result)) == (answer >= 2)
    assert "si_unanswered" not in alert_ids(result)


@pytest.mark.hazard(10)
@given(RESPONSES)
def test_a_skipped_item_9_is_never_taken_for_zero(others: dict[str, int | None]) -> None:
    result = instruments.score(PHQ9, others | {"q9": None})
    assert "si_unanswered" in alert_ids(result)
    assert "q9" in result.missing
    if result.scores["total"] is not None:
        assert result.marks["total"].endswith("answered, item 9 missing")


@pytest.mark.hazard(10)
@pytest.mark.parametrize("answer", [0, 1, 2, 3, None])
def test_item_9_has_one_level_in_the_instrument_and_in_the_table(answer: int | None) -> None:
    levels = [alert.level for alert in phq9(q9=answer).alerts]
    worst = min(levels, key=lambda level: level.rank, default=None)
    trigger = item_9_trigger(answer)
    assert worst == (LEVELS[trigger] if trigger else None)


@pytest.mark.parametrize("instrument", [PHQ9, GAD7], ids=lambda each: each.id)
@given(data=st.data())
def test_a_worse_answer_never_lowers_the_total(
    instrument: instruments.Instrument, data: st.DataObject
) -> None:
    items = [item.id for item in instrument.items if item.required]
    answers = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(items, ANSWER)))
    before = instruments.score(instrument, answers).scores["total"]
    assume(before is not None)
    item = data.draw(st.sampled_from(sorted(answers)))
    worse = answers | {item: data.draw(st.integers(answers[item], 3))}
    after = instruments.score(instrument, worse).scores["total"]
    assert after is not None
    assert before is not None
    assert after >= before


@given(RESPONSES)
def test_scores_stay_in_range_and_every_total_has_a_band(answers: dict[str, int | None]) -> None:
    result = instruments.score(PHQ9, answers)
    for each in PHQ9.scores:
        value = result.scores[each.id]
        if each.minimum is not None and each.maximum is not None and value is not None:
            assert each.minimum <= value <= each.maximum
    assert (result.bands["total"] is None) == (result.scores["total"] is None)


@given(RESPONSES)
def test_prorating_is_the_mean_times_the_items_with_a_half_rounded_up(
    answers: dict[str, int | None],
) -> None:
    known = [value for value in answers.values() if value is not None]
    total = instruments.score(PHQ9, answers).scores["total"]
    if len(known) < 7:
        assert total is None
    else:
        exact = Decimal(sum(known) * 9) / len(known)
        assert total == int((exact + Decimal("0.5")) // 1)


@pytest.mark.parametrize("fifth,minor", list(product([True, False], repeat=2)))
def test_the_diagnostic_flag_needs_five_symptoms_and_a_main_one(fifth: bool, minor: bool) -> None:
    main = {"q3": 2} if minor else {"q1": 2}
    result = phq9(q4=2, q5=2, q6=2, q9=1 if fifth else 0, **main)
    assert result.scores["symptom_count"] == 4 + fifth
    assert result.scores["mds_algorithm"] is (fifth and not minor)


def test_the_unscored_item_is_never_missing_and_changes_no_score() -> None:
    assert phq9().missing == ()
    assert phq9(difficulty=3).scores == phq9().scores


def test_a_total_with_a_plain_item_missing_says_how_many_were_answered() -> None:
    assert phq9(q3=None).marks == {"total": "8 of 9 answered"}
    assert phq9(q1=None, q2=None, q3=None).marks == {}


def test_the_result_names_the_version_and_prints_by_the_contract() -> None:
    assert phq9(q9=2).as_json() == {
        "instrument": "phq9",
        "version": "2",
        "scores": {"total": 2, "phq2": 0, "symptom_count": 1, "mds_algorithm": False},
        "bands": {"total": "minimal"},
        "alerts": [
            {"id": "si_item", "level": "urgent"},
            {"id": "si_frequent", "level": "immediate"},
        ],
        "missing": [],
    }


@pytest.mark.hazard(10)
@pytest.mark.parametrize("slip", [True, False, 4, -1, 1.0, "1", [1], {}])
def test_a_slip_in_an_answer_is_refused_and_named(slip: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        instruments.score(PHQ9, {"q9": slip})
    assert caught.value.key == "responses.q9"
    assert caught.value.mend == "Give one of 0, 1, 2, 3, or leave it out."


@pytest.mark.hazard(10)
def test_an_unknown_item_is_refused_so_that_a_slip_hides_no_answer() -> None:
    with pytest.raises(InvalidInput, match=r"responses\.Q9.*Known: q1, q2"):
        instruments.score(PHQ9, {"Q9": 3})


@pytest.mark.parametrize(
    ("attributes", "key"),
    [
        ({"gender": "male"}, "attributes.gender"),
        ({"sex": "m"}, "attributes.sex"),
        ({"timepoint": 3}, "attributes.timepoint"),
        ({"previous": 12}, "attributes.previous"),
        ({"previous": {"sum": 12}}, "attributes.previous.sum"),
        ({"previous": {"total": "12"}}, "attributes.previous.total"),
    ],
)
def test_a_slip_in_an_attribute_is_refused_and_named(
    attributes: dict[str, object], key: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        instruments.score(PHQ9, {}, attributes)
    assert caught.value.key == key


@pytest.mark.parametrize(
    "attributes",
    [
        {"sex": "female", "timepoint": "baseline", "previous": None},
        {"previous": {"total": 12, "phq2": None, "mds_algorithm": True}},
    ],
)
def test_attributes_alter_nothing_on_these_scales(attributes: dict[str, object]) -> None:
    assert instruments.score(PHQ9, {"q9": 1}, attributes) == instruments.score(PHQ9, {"q9": 1})


def test_a_severe_total_alerts_on_each_scale() -> None:
    severe = instruments.score(GAD7, {f"q{n}": 3 for n in range(1, 6)} | {"q6": 0, "q7": 0})
    assert severe.alerts == (instruments.Alert("severe", AlertLevel.REVIEW),)
