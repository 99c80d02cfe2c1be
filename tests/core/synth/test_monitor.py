"""A monitor that wandered out of what a body does would teach the wrong alarms."""

from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone.errors import UnknownContent
from kapstone.monitoring.vitals import parameters
from kapstone.synth import monitor
from kapstone.synth.evidence import figures
from kapstone.synth.monitor import Course, Rise


@given(st.text(max_size=8), st.sampled_from(["IV", "IM"]), st.integers(-60, 600))
def test_every_sign_is_possible_and_repeats(seed: str, route: str, minute: int) -> None:
    course = Course(seed, route, monitor.drawn_rise(seed))
    read = monitor.signs(course, minute)
    assert read == monitor.signs(course, minute)
    assert read.systolic_mmhg > read.diastolic_mmhg
    assert 90 <= read.spo2_pct <= 100
    for name in ("systolic_mmhg", "diastolic_mmhg", "heart_rate_bpm", "respiratory_rate_per_min"):
        known = parameters()[name]
        assert known.low is not None and known.high is not None
        assert known.low <= getattr(read, name) <= known.high


@given(st.sampled_from(["IV", "IM"]), st.integers(0, 400))
def test_nurses_scores_stay_on_their_scales(route: str, minute: int) -> None:
    seen = monitor.looks(Course("a", route, Rise(10, 5)), minute)
    assert 4 <= seen.moaas_score <= 5
    assert all(
        0 <= score < 7 for score in (seen.dissociation_score, seen.anxiety_score, seen.nausea_score)
    )


def test_a_dose_shows_nothing_before_it_and_most_at_its_peak() -> None:
    for route, peak_min in (("IV", 40), ("IM", 22)):
        shape = [monitor.effect(route, minute) for minute in range(-5, 200)]
        assert shape[:6] == [0.0] * 6
        assert max(shape) == shape[5 + peak_min] == 1
        assert shape[-1] < 0.05


def test_the_mean_of_drawn_rises_is_the_published_one() -> None:
    rises = [monitor.drawn_rise(f"person {number}") for number in range(3000)]
    low, high = figures()["sbp_rise"].interval
    assert low <= mean(rise.systolic_mmhg for rise in rises) <= high
    assert all(rise.systolic_mmhg >= 0 <= rise.diastolic_mmhg for rise in rises)


def test_the_climb_reaches_what_the_alarms_ask_for() -> None:
    course = Course("a", "IV", monitor.climbing_rise())
    rest, peak = monitor.signs(course, -5), monitor.signs(course, 40)
    assert peak.systolic_mmhg - rest.systolic_mmhg >= 39
    assert course.rise.systolic_mmhg >= 40  # ALM-BP2 persists above this


def test_a_route_without_a_shape_is_named() -> None:
    with pytest.raises(UnknownContent, match="route PO"):
        monitor.effect("PO", 5)
