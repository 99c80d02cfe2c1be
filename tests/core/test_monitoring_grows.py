"""A line that is judged as it grows says what the whole line says.

If it did not, the console would miss an alarm that a reload of the page shows, or go on with one
that is over.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone.errors import InvalidInput
from kapstone.monitoring.events import Event, Kind
from kapstone.monitoring.fields import Fields
from kapstone.monitoring.follow import event_from
from kapstone.monitoring.judging import Judged
from kapstone.monitoring.readings import Readings
from kapstone.monitoring.schedules import schedule_for
from kapstone.monitoring.session import Folded, fold
from kapstone.monitoring.vitals import Reading
from kapstone.pathway import Session

T0 = datetime(2026, 3, 1, 15, tzinfo=UTC)
LATER = timedelta(hours=2)


def whole(low, high):
    return st.integers(low, high).map(Decimal)


# Near the limits, so that alarms begin, end and latch: most lines of free numbers call at once.
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "systolic_mmhg": st.sampled_from([120, 150, 160, 161, 181, 200]).map(Decimal),
        "diastolic_mmhg": st.sampled_from([70, 80, 99, 100, 111]).map(Decimal),
        "heart_rate_bpm": st.sampled_from([40, 44, 70, 121, 151]).map(Decimal),
        "respiratory_rate_per_min": st.sampled_from([7, 9, 14, 31]).map(Decimal),
        "spo2_percent": st.sampled_from([84, 89, 91, 93, 97]).map(Decimal),
        "on_oxygen": st.booleans(),
        "seated": st.booleans(),
    },
).filter(bool)
SAYS = {
    "sample": {"values": VALUES},
    "vitals": {"values": VALUES},
    "moaas": {"values": st.fixed_dictionaries({"moaas_score": whole(0, 5)})},
    "symptom": {
        "symptoms": st.sampled_from([("chest_pain",), ("severe_headache", "panic"), ("vomiting",)]),
        "present": st.booleans(),
    },
    "dose_start": {"dose_mg": whole(10, 60)},
    "dose_stop": {"dose_mg": whole(10, 60)},
    "phase": {"phase": st.sampled_from([Session.RECOVERY, Session.DISCHARGED])},
    "alarm_resolved": {
        "rule": st.sampled_from(["ALM-HR1", "ALM-O1", "ALM-RR", "ALM-CP", "ALM-BP3"]),
        "band": st.sampled_from([None, "neurological"]),
    },
    "artefact": {},
    "withdrawn": {},
}


@st.composite
def grown(draw):
    """A line as it is charted: mostly samples, mostly in order, with all that may come between."""
    line, seconds = [], 0
    for number in range(1, draw(st.integers(2, 24)) + 1):
        kinds = ["sample"] * 8 + list(SAYS) if number > 1 else ["sample", "vitals"]
        kind = Kind(draw(st.sampled_from(kinds)))
        seconds += draw(st.sampled_from([0, 1, 1, 2, 10, 60, 301]))
        late_s = draw(st.sampled_from([0, 0, 0, 0, 0, 3, 200]))
        told = {key: draw(each) for key, each in SAYS[kind].items()}
        before = draw(st.integers(1, number - 1)) if number > 1 else None
        if kind is Kind.WITHDRAWN or (before and draw(st.integers(0, 11)) == 0):
            told["replaces"] = before
        if kind is Kind.ARTEFACT:
            stretch = {"marks_key": draw(st.sampled_from(["spo2", "hr", "sbp"])), "lasted_s": 30}
            told |= draw(st.sampled_from([stretch, {"marks_number": before}]))
        values = told.get("values", {})
        if values.get("diastolic_mmhg", 0) >= values.get("systolic_mmhg", 999):
            del values["diastolic_mmhg"]
        at = T0 + timedelta(seconds=max(0, seconds - late_s))
        line.append(Event(number, kind, at, **told))
    return line


@pytest.mark.hazard(5, 7)
@given(grown(), st.sampled_from(["IV", "IM"]), st.data())
def test_a_line_says_the_same_however_it_grew(line, route, data):
    """Else an alarm would depend on whether somebody loaded the page again."""
    schedule = schedule_for("RACEMIC", route)
    cut = data.draw(st.integers(0, len(line)))
    folded = Folded.of(schedule, line[:cut])
    for one in line[cut:]:
        before = folded.state(one.observed_at)
        grew = folded.then([one])
        assert folded.state(one.observed_at) == before  # who holds the earlier one sees what it was
        folded = grew
        now = one.observed_at + timedelta(seconds=data.draw(st.sampled_from([-5, 0, 1, 11])))
        assert folded.state(now) == fold(schedule, line[: one.number], now)
        assert folded.alarms(now) == fold(schedule, line[: one.number], now).alarms
    assert folded.state(T0 + LATER) == fold(schedule, line, T0 + LATER)


@pytest.mark.hazard(7)
@given(grown())
def test_what_stood_on_the_way_is_what_a_line_that_ended_there_says(line):
    """Else an alarm that nobody heard, since its reading came late, would never be told."""
    judged = Folded.of(schedule_for("RACEMIC", "IM"), line).judged
    stood = dict(judged.along())  # of several at one moment the last
    for at, called in stood.items():
        felt = [one for one in judged.symptoms if one.observed_at <= at]
        until = judged.readings.until(at)
        assert called == Judged.of(judged.known, until, felt).standing()
    assert bool(stood) >= bool(judged.standing())


@given(grown(), st.integers(0, 900))
def test_readings_are_the_same_however_they_came(line, second):
    """Else a baseline, a number's age or what is due would differ from screen to screen."""
    readings = sorted(
        (one.reading() for one in line if one.values), key=lambda one: (one.observed_at, one.number)
    )
    index = Readings.of(())
    for one in readings:
        index = index.then(one)
    whole_line = Readings.of(reversed(readings))
    for name in {name for one in readings for name in one.values}:
        assert list(index.named(name)) == list(whole_line.named(name))
        assert index.edges[name] == whole_line.edges[name]
    end = T0 + timedelta(seconds=second)
    for name, listed in whole_line.until(end).by_name.items():
        assert list(listed) == [
            one for one in readings if name in one.values and one.observed_at <= end
        ]


def test_a_reading_of_two_parameters_is_listed_once():
    """Twice, it would count as two high pressures in a row."""
    both = Reading(1, T0, {"systolic_mmhg": Decimal(180), "diastolic_mmhg": Decimal(90)})
    names = ("systolic_mmhg", "diastolic_mmhg", "spo2_percent")
    assert Readings.of([both]).carrying(names) == [both]


def test_a_number_that_stands_for_another_event_is_refused():
    """Two readings under one number: whichever came first would hide the other."""
    first = Event(1, Kind.VITALS, T0, values={"heart_rate_bpm": Decimal(70)})
    other = Event(1, Kind.VITALS, T0 + LATER, values={"heart_rate_bpm": Decimal(150)})
    folded = Folded.of(schedule_for("RACEMIC", "IM"), [first])
    assert folded.then([first]).state(T0) == folded.state(T0)  # sent again
    with pytest.raises(InvalidInput, match="number 1 stands for two different events"):
        folded.then([other])


def test_what_a_monitor_says_again_and_again_is_held_once():
    """A line that has no room in memory is read anew at its next sample, and every screen waits."""
    told = {"kind": "sample", "hr": 71, "spo2": 97, "rr": 14}
    at = [(T0 + timedelta(seconds=number)).isoformat() for number in range(1000)]
    said = [Fields.read("", {**told, "at": one}) for one in at]
    events = [event_from(one, number, T0) for number, one in enumerate(said, 1)]
    assert len({id(value) for one in events for value in one.values.values()}) == len(told) - 1
