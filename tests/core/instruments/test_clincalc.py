"""A second program that scores the same scales: a difference is somebody's mistake."""

import clincalc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone import instruments
from tests.core.instruments import answers

SCORED = {"phq9": ("phq9", 9), "gad7": ("gad7", 7)}


@pytest.mark.parametrize("ours", SCORED)
@given(data=st.data())
def test_complete_answers_have_the_total_band_and_watched_item_of_clincalc(
    ours: str, data: st.DataObject
) -> None:
    theirs, count = SCORED[ours]
    held = instruments.load(ours)
    answered = data.draw(answers.sets(held, whole=True))
    found = clincalc.calculate(
        theirs, {"responses": [answered[f"q{n}"] for n in range(1, count + 1)]}
    )["working"]
    scored = instruments.score(held, answered)
    assert scored.scores["total"] == found["total_score"]
    band = found["severity"].removeprefix("none-").replace("-", "_")
    assert scored.bands["total"] == band
    if ours == "phq9":
        raised = {alert.id for alert in scored.alerts}
        assert ("si_item" in raised) == found["self_harm_item_flag"]


@given(data=st.data(), sex=st.sampled_from(["female", "male"]))
def test_audit_c_is_positive_from_the_same_total_for_women_and_men(
    data: st.DataObject, sex: str
) -> None:
    held = instruments.load("audit_c")
    answered = data.draw(answers.sets(held, whole=True))
    told = {"responses": [answered[f"q{n}"] for n in range(1, 4)], "sex": sex}
    found = clincalc.calculate("auditc", told)["working"]
    scores = instruments.score(held, answered, {"sex": sex}).scores
    assert scores["total"] == found["total_score"]
    assert scores["positive"] == found["screen_positive"]
