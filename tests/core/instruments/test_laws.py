"""What must hold of every instrument, whatever is answered: else a score tells of somebody else."""

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kapstone import instruments
from kapstone.errors import InvalidInput
from kapstone.instruments import Instrument
from kapstone.instruments.definition import HIGHER_BETTER, LOWER_BETTER, NEITHER, Score
from kapstone.instruments.rules import CutoffBySex, Decision, Flag, OfItems, Sum
from tests.core.instruments import answers

EVERY = [instruments.load(each) for each in instruments.ids()]
over_every_instrument = pytest.mark.parametrize("instrument", EVERY, ids=lambda each: each.id)
few = settings(max_examples=20)


@pytest.mark.hazard(10)
@over_every_instrument
@few
@given(data=st.data())
def test_a_worse_answer_never_makes_a_score_look_better(
    instrument: Instrument, data: st.DataObject
) -> None:
    given_answers = data.draw(answers.sets(instrument))
    assume(given_answers)
    item = data.draw(st.sampled_from(sorted(given_answers)))
    definition = next(each for each in instrument.items if each.id == item)
    higher = data.draw(answers.values(definition).filter(lambda v: v >= given_answers[item]))
    before = instruments.score(instrument, given_answers)
    after = instruments.score(instrument, given_answers | {item: higher})
    for score in instrument.scores:
        one, other = before.scores[score.id], after.scores[score.id]
        if one is None or other is None:
            assert _is_excused(instrument, score, one, other)
        elif answers.rises_with(score, item):
            assert answers.rank(score, other) >= answers.rank(score, one), score.id
        else:
            assert other <= one, score.id


def _is_excused(instrument: Instrument, score: Score, one: object, other: object) -> bool:
    """A score comes and goes only where an answer makes others due: the skip of AUDIT-C."""
    skips = any(item.zero_when for item in instrument.items)
    return one is other is None or (skips and other is None)


@over_every_instrument
def test_which_way_is_better_agrees_with_the_direction_of_change(instrument: Instrument) -> None:
    main = instrument.main_score
    if main is not None:
        assert main.better == instrument.change.direction
    for score in instrument.scores:
        assert score.better in {LOWER_BETTER, HIGHER_BETTER, NEITHER}


@over_every_instrument
@few
@given(data=st.data())
def test_the_order_of_the_answers_changes_nothing(
    instrument: Instrument, data: st.DataObject
) -> None:
    given_answers = data.draw(answers.sets(instrument))
    shuffled = data.draw(st.permutations(list(given_answers.items())))
    assert instruments.score(instrument, dict(shuffled)) == instruments.score(
        instrument, given_answers
    )


@pytest.mark.hazard(10)
@over_every_instrument
@few
@given(data=st.data())
def test_what_is_left_out_is_never_counted_as_zero(
    instrument: Instrument, data: st.DataObject
) -> None:
    given_answers = data.draw(answers.sets(instrument, whole=True))
    item = data.draw(st.sampled_from(sorted(given_answers)))
    left_out = {key: value for key, value in given_answers.items() if key != item}
    result = instruments.score(instrument, left_out)
    assert result == instruments.score(instrument, left_out | {item: None})
    for score in instrument.scores:
        rule, value = score.rule, result.scores[score.id]
        if item not in result.missing or not isinstance(rule, OfItems) or item not in rule.items:
            continue
        if value is not None and (rule.is_lower_bound or isinstance(rule, Sum)):
            assert "answered" in result.marks[score.id]
            assert rule.is_lower_bound == result.marks[score.id].startswith("at least this")


@over_every_instrument
def test_without_any_answer_nothing_is_said_to_be_well(instrument: Instrument) -> None:
    result = instruments.score(instrument, {})
    for score in instrument.scores:
        value = result.scores[score.id]
        if isinstance(score.rule, Decision):
            assert value == "unknown"
        elif isinstance(score.rule, Flag):
            assert value is False
        elif value is not None:
            assert (value, result.marks[score.id][:13]) == (0, "at least this")
        elif isinstance(score.rule, CutoffBySex):
            assert value is None


@over_every_instrument
@few
@given(data=st.data())
def test_every_score_stays_in_its_range_and_has_a_band(
    instrument: Instrument, data: st.DataObject
) -> None:
    result = instruments.score(instrument, data.draw(answers.sets(instrument)))
    for score in instrument.scores:
        value = result.scores[score.id]
        if score.minimum is not None and value is not None:
            assert score.minimum <= value <= score.maximum
        if score.bands:
            assert (result.bands[score.id] is None) == (value is None)


@over_every_instrument
def test_the_range_is_reached_at_both_ends(instrument: Instrument) -> None:
    ends = [min, max]
    for score in instrument.scores:
        if isinstance(score.rule, OfItems):
            found = set()
            for low, high in (ends, ends[::-1]):
                items = {
                    item.id: (low if answers.rises_with(score, item.id) else high)(item.values)
                    for item in instrument.items
                }
                found.add(instruments.score(instrument, items).scores[score.id])
            assert found == {score.minimum, score.maximum}, score.id


@pytest.mark.hazard(10)
@over_every_instrument
@pytest.mark.parametrize("slip", [True, -1, 1000, "1", [1], float("nan"), Decimal("0.55")])
def test_a_slip_is_refused_and_named(instrument: Instrument, slip: object) -> None:
    item = instrument.items[0].id
    with pytest.raises(InvalidInput) as caught:
        instruments.score(instrument, {item: slip})
    assert caught.value.key == f"responses.{item}"
    assert caught.value.mend.startswith("Give ")
    with pytest.raises(InvalidInput, match=r"responses\.Q99.*Known: "):
        instruments.score(instrument, {"Q99": 1})


def test_a_decimal_is_taken_only_where_the_scale_has_one() -> None:
    srs, peg = instruments.load("srs"), instruments.load("peg")
    marks = {f"q{n}": Decimal("9.5") for n in range(1, 5)}
    assert instruments.score(srs, marks).scores["total"] == 38
    assert instruments.score(srs, dict.fromkeys(marks, 9.5)).scores["total"] == 38
    with pytest.raises(InvalidInput, match=r"from 0 to 10, at most 1 decimal"):
        instruments.score(srs, {"q1": 9.55})
    with pytest.raises(InvalidInput, match=r"from 0 to 10, whole"):
        instruments.score(peg, {"q1": Decimal("9.5")})
