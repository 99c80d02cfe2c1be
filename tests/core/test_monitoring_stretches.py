"""A stretch of a stream that was no sign of the person: marked, and hiding nothing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kapstone.errors import InvalidInput
from kapstone.monitoring import marks
from kapstone.monitoring.events import Event, Kind
from kapstone.monitoring.follow import replay
from kapstone.monitoring.schedules import schedule_for
from kapstone.monitoring.session import fold

T0 = datetime(2026, 3, 1, 15, tzinfo=UTC)
IM = schedule_for("RACEMIC", "IM")
LOW, CALM = 88, 97


def at(second):
    return T0 + timedelta(seconds=float(second))


def sample(number, second, **values):
    named = {name: Decimal(one) for name, one in values.items()}
    return Event(number, Kind.SAMPLE, at(second), values=named)


def mark(number, first_s, last_s, key="spo2"):
    lasted_s = Decimal(last_s) - Decimal(first_s)
    return Event(number, Kind.ARTEFACT, at(last_s), marks_key=key, lasted_s=lasted_s)


def stream(values, **beside):
    return [sample(s + 1, s, spo2_percent=one, **beside) for s, one in enumerate(values)]


def state(line, second):
    return fold(IM, line, at(second))


def tiers(line, second):
    return {one.rule: str(one.tier) for one in state(line, second).alarms}


DOSE = Event(999, Kind.DOSE_START, T0 - timedelta(hours=1), dose_mg=Decimal(35))


@pytest.mark.hazard(9)
def test_a_marked_stretch_is_shown_as_marked_and_its_latched_alarm_stands():
    line = stream([LOW] * 12)
    marked = [*line, mark(50, 0, 11)]
    assert tiers(line, 11) == tiers(marked, 11) == {"ALM-O1": "A3"}
    shown = state(marked, 11).latest["spo2_percent"]
    assert (shown.value, shown.artefact) == (LOW, True)


@pytest.mark.hazard(9)
def test_marked_calm_samples_end_nothing():
    line = stream([91] * 32 + [CALM] * 5)
    assert tiers(line, 36) == {}
    assert tiers([*line, mark(50, 32, 36)], 36) == {"ALM-O1": "A2"}


@pytest.mark.hazard(6)
def test_a_marked_stretch_makes_no_source_look_fresh():
    line = [DOSE, *stream([CALM] * 30)]
    assert "ALM-LOST" not in tiers(line, 39)
    marked = [*line, mark(50, 10, 29)]
    assert tiers(marked, 19) == {}
    assert tiers(marked, 29)["ALM-LOST"] == "A1"  # of the person nothing was heard for 20 s
    assert state(marked, 39).latest["spo2_percent"].value == CALM
    assert state(marked, 40).latest["spo2_percent"].value is None  # it blanks as it would have


@pytest.mark.hazard(6)
def test_a_silent_device_goes_on_calling_where_all_it_said_is_marked():
    line = [DOSE, *stream([CALM] * 5)]
    assert "ALM-LOST" not in tiers(line, 14)
    assert tiers(line, 15) == tiers([*line, mark(50, 0, 15)], 15) == {"ALM-LOST": "A1"}
    assert tiers([*line, mark(50, 0, 11)], 11) == {"ALM-LOST": "A1"}  # from the first of them


@pytest.mark.hazard(6)
def test_a_silent_device_goes_on_calling_though_a_hand_measured_before_it():
    hand = Event(60, Kind.VITALS, at(0), values={"spo2_percent": Decimal(CALM)})
    line = [DOSE, hand, sample(61, 1, spo2_percent=CALM)]
    assert tiers(line, 12) == tiers([*line, mark(62, 1, 12)], 12) == {"ALM-LOST": "A1"}


def test_a_mark_reaches_its_own_parameter_and_both_edges_and_no_further():
    line = [*stream([CALM] * 9, heart_rate_bpm=70), mark(50, 3, 5)]
    parts = [one for one in marks.readings(line) if one.artefact]
    assert [(one.observed_at, set(one.values)) for one in parts] == [
        (at(second), {"spo2_percent"}) for second in (3, 4, 5)
    ]
    whole = [one for one in marks.readings(line) if not one.artefact]
    assert len(whole) == 9
    assert all("heart_rate_bpm" in one.values for one in whole)
    assert (
        len([one for one in marks.readings([*line[:-1], mark(50, "3.1", "4.9")]) if one.artefact])
        == 1
    )


def test_a_pressure_is_marked_whole():
    line = [sample(1, 0, systolic_mmhg=120, diastolic_mmhg=70, heart_rate_bpm=70)]
    latest = state([*line, mark(2, 0, 0, key="sbp")], 1).latest
    assert {name: one.artefact for name, one in latest.items()} == {
        "systolic_mmhg": True,
        "diastolic_mmhg": True,
        "heart_rate_bpm": False,
    }


def test_a_late_sample_of_the_stretch_and_a_reading_by_hand_are_not_marked():
    hand = Event(1, Kind.VITALS, at(5), values={"spo2_percent": Decimal(CALM)})
    marked = mark(2, 0, 9)
    assert not state([hand, marked], 9).latest["spo2_percent"].artefact
    late = sample(3, 5, spo2_percent=LOW)
    assert not state([late, marked], 9).latest["spo2_percent"].artefact


def test_on_oxygen_is_said_of_both_halves():
    line = [
        Event(
            s + 1,
            Kind.SAMPLE,
            at(s),
            values={"spo2_percent": Decimal(one), "on_oxygen": True, "heart_rate_bpm": Decimal(70)},
        )
        for s, one in enumerate((97, 92, 92))
    ]
    assert tiers([*line, mark(9, 0, 2)], 2) == tiers(line, 2) == {"ALM-O1": "A3"}


def test_taken_back_it_marks_nothing():
    line = [*stream([CALM] * 3), mark(50, 0, 2)]
    back = Event(51, Kind.WITHDRAWN, at(2), replaces=50)
    assert not state([*line, back], 2).latest["spo2_percent"].artefact


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"marks_key": "moaas"}, "marks_key: is 'moaas'. Give one of: sbp, hr, rr, spo2, temp_c"),
        ({"marks_key": "dbp"}, "marks_key: is 'dbp'"),
        ({"lasted_s": None}, "lasted_s: is None. Give 0 to 86400 s"),
        ({"lasted_s": Decimal(-1)}, "lasted_s: is -1"),
        ({"lasted_s": Decimal(86_401)}, "lasted_s: is 86401"),
        ({"marks_number": 1}, "marks: stands beside a stretch"),
    ],
)
def test_a_stretch_says_what_it_marks_and_for_how_long(told, says):
    good = {"marks_key": "spo2", "lasted_s": Decimal(86_400)}
    assert Event(2, Kind.ARTEFACT, T0, **good)
    assert Event(2, Kind.ARTEFACT, T0, **good | {"lasted_s": Decimal(0)})
    with pytest.raises(InvalidInput, match=says):
        Event(2, Kind.ARTEFACT, T0, **good | told)


@pytest.mark.hazard(9)
@given(
    values=st.lists(st.sampled_from([80, 86, 89, 91, 93, 97]), min_size=2, max_size=70),
    on_oxygen=st.booleans(),
    edges=st.tuples(st.integers(0, 69), st.integers(0, 69)),
    later=st.integers(0, 15),
)
@example(values=[91, *[80, 86] * 5], on_oxygen=False, edges=(0, 0), later=0)
@example(values=[97, *[91] * 30, *[89] * 10], on_oxygen=False, edges=(0, 30), later=0)
def test_no_mark_takes_an_alarm_away(values, on_oxygen, edges, later):
    line = [
        Event(
            s + 1, Kind.SAMPLE, at(s), values={"spo2_percent": Decimal(v), "on_oxygen": on_oxygen}
        )
        for s, v in enumerate(values)
    ]
    marked = [*line, mark(99, min(edges), max(edges))]
    end = max(len(values) - 1, *edges) + later
    before, after = tiers(line, end), tiers(marked, end)
    assert all(after.get(rule, "-") >= tier for rule, tier in before.items())


def test_follow_reads_a_stretch():
    told = {
        "product": "RACEMIC",
        "route": "IM",
        "now_min": 1,
        "events": [
            {"t_min": 0, "kind": "dose_start"},
            {"t_min": 0.5, "kind": "sample", "spo2": 97},
            {"t_min": 0.6, "kind": "artefact", "marks_key": "spo2", "lasted_s": 6},
        ],
    }
    assert [one["rule"] for one in replay(told)["alarms"]] == ["ALM-LOST"]
    assert replay(told | {"now_min": 0.6})["alarms"] == []
