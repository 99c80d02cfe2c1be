"""A plan told before leaving, and not carried to DIS-09, sends somebody home to carry it out."""

from datetime import UTC, datetime
from itertools import product

import pytest

from kapstone.errors import InvalidInput
from kapstone.monitoring.events import Event, Kind
from kapstone.monitoring.screener import ITEMS, risk_since_arrival
from kapstone.risk import Screener, Tier, suicide_tier

AT = datetime(2026, 3, 4, 17, tzinfo=UTC)


@pytest.mark.hazard(10)
def test_every_set_of_answers_is_new_suicidality_where_items_4_5_or_6_say_so() -> None:
    for said in product((True, False, None), repeat=6):
        values = {key: one for key, one in zip(ITEMS, said, strict=True) if one is not None}
        if not values:
            continue
        _, q2, _, q4, q5, q6 = said
        asked = (q6,) if q2 is False else (q4, q5, q6)
        expected = True if True in (q4, q5, q6) else None if None in asked else False
        charted = Event(1, Kind.SCREENER, AT, values=values)
        assert charted.values.get("new_suicidality") is expected, values
        assert (risk_since_arrival(values).tier is Tier.HIGH) is (expected is True)


def test_the_tier_is_that_of_the_one_function() -> None:
    values = {"cssrs_q1": True, "cssrs_q2": True, "cssrs_q3": True, "cssrs_q6": False}
    told = Screener(q1=True, q2=True, q3=True, q6=False, q6_3mo=False)
    assert risk_since_arrival(values) == suicide_tier(told)
    assert risk_since_arrival(values).tier is Tier.MODERATE


@pytest.mark.parametrize("answers", [{"cssrs_q4": True}, {"cssrs_q1": False}])
def test_an_outcome_that_the_answers_do_not_give_is_refused(answers: dict[str, bool]) -> None:
    with pytest.raises(InvalidInput, match="not what the items say"):
        Event(1, Kind.SCREENER, AT, values={**answers, "new_suicidality": False})


def test_an_outcome_alone_stays_as_it_was_typed() -> None:
    charted = Event(1, Kind.SCREENER, AT, values={"new_suicidality": False, "mania": False})
    assert charted.values == {"new_suicidality": False, "mania": False}
