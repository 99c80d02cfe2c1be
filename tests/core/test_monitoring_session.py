"""The console is a fold over the event line: the order in which events came may not alter it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone.errors import InvalidInput
from kapstone.monitoring.events import Event, Kind, standing
from kapstone.monitoring.judging import evaluate
from kapstone.monitoring.recovery import State
from kapstone.monitoring.schedules import schedule_for
from kapstone.monitoring.session import Folded, fold
from kapstone.monitoring.vitals import Reading
from kapstone.pathway import Session

T0 = datetime(2026, 3, 1, 15, tzinfo=UTC)
IV = schedule_for("RACEMIC", "IV")
IM = schedule_for("RACEMIC", "IM")
SPRAY = schedule_for("ESKETAMINE", "IN")
BASE = {
    "systolic_mmhg": Decimal(120),
    "diastolic_mmhg": Decimal(80),
    "heart_rate_bpm": Decimal(70),
    "spo2_percent": Decimal(98),
}


def at(minute):
    return T0 + timedelta(minutes=minute)


def event(number, kind, minute, **given_):
    if "dose_mg" in given_:
        given_["dose_mg"] = Decimal(given_["dose_mg"])
    values = {name: Decimal(value) for name, value in given_.pop("values", {}).items()}
    return Event(number, Kind(kind), at(minute), values=values, **given_)


def vitals(number, minute, **values):
    return event(number, "vitals", minute, values=values)


# --- laws --------------------------------------------------------------------------------------

VITALS = st.fixed_dictionaries(
    {},
    optional={
        "systolic_mmhg": st.integers(201, 300).map(Decimal) | st.integers(120, 200).map(Decimal),
        "diastolic_mmhg": st.integers(50, 119).map(Decimal),
        "heart_rate_bpm": st.integers(50, 180).map(Decimal),
        "respiratory_rate_per_min": st.integers(0, 30).map(Decimal),
        "spo2_percent": st.integers(50, 100).map(Decimal),
    },
)


@st.composite
def event_lines(draw):
    """A line of 1 to 12 events, some of them corrections, at minutes out of order."""
    line = []
    for number in range(1, draw(st.integers(1, 12)) + 1):
        kind = draw(st.sampled_from(["vitals", "symptom", "dose_start", "dose_stop", "withdrawn"]))
        kind = "vitals" if kind == "withdrawn" and number == 1 else kind
        replaces = None
        if number > 1 and (kind == "withdrawn" or draw(st.booleans())):
            replaces = draw(st.integers(1, number - 1))
        extra = {
            "vitals": lambda: {"values": draw(VITALS)},
            "symptom": lambda: {"symptoms": ("chest_pain",), "present": draw(st.booleans())},
            "dose_stop": lambda: {"dose_mg": draw(st.integers(0, 60))},
        }.get(kind, dict)()
        line.append(event(number, kind, draw(st.integers(-20, 90)), replaces=replaces, **extra))
    return line


@pytest.mark.hazard(5)
@given(event_lines(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_and_any_repeat_gives_one_state(line, random):
    arrived = line + random.choices(line, k=3)
    random.shuffle(arrived)
    assert fold(IV, arrived, at(95)) == fold(IV, line, at(95))
    assert Folded.of(IV, arrived).alarms(at(95)) == fold(IV, line, at(95)).alarms


def highest(readings):
    return {one.rule: str(one.tier) for one in evaluate(readings, BASE, [], at(1000))}


def not_below(left, right):
    return all(left.get(rule, "") >= tier for rule, tier in right.items())


LINES = st.lists(VITALS, min_size=1, max_size=6).map(
    lambda rows: [
        Reading(place + 1, at(place * 5), values, streamed=False)
        for place, values in enumerate(rows)
    ]
)
CALM = {
    "systolic_mmhg": Decimal(120),
    "diastolic_mmhg": Decimal(80),
    "heart_rate_bpm": Decimal(70),
    "respiratory_rate_per_min": Decimal(14),
    "spo2_percent": Decimal(98),
}
WORSE = {
    "systolic_mmhg": lambda value, by: min(value + by, Decimal(300)),
    "heart_rate_bpm": lambda value, by: min(value + by, Decimal(300)) if value > 100 else value,
    "respiratory_rate_per_min": lambda value, by: max(value - by, Decimal(0)),
    "spo2_percent": lambda value, by: max(value - by, Decimal(0)),
}


@given(LINES)
def test_a_calm_reading_never_raises_an_alarm(line):
    calmer = [*line, Reading(99, at(60), CALM)]
    assert not_below(highest(line), highest(calmer))


@given(LINES, st.sampled_from(sorted(WORSE)), st.integers(1, 60))
def test_a_worse_last_reading_never_lowers_an_alarm(line, name, by):
    last = line[-1]
    if name not in last.values:
        return
    worse = {**last.values, name: WORSE[name](last.values[name], Decimal(by))}
    changed = [*line[:-1], replace(last, values=worse)]
    assert not_below(highest(changed), highest(line))


# --- corrections -------------------------------------------------------------------------------


def test_a_correction_stands_in_the_place_of_what_it_replaces():
    line = [vitals(1, 5, spo2_percent=79), vitals(2, 5, spo2_percent=97)]
    line[1] = replace(line[1], replaces=1)
    assert standing(line) == [line[1]]
    assert fold(IV, line, at(6)).alarms == ()


def test_of_two_corrections_of_one_event_the_later_one_stands():
    first, second = (replace(vitals(n, 5, spo2_percent=90 + n), replaces=1) for n in (2, 3))
    third = replace(vitals(4, 6, spo2_percent=99), replaces=2)
    line = [vitals(1, 5, spo2_percent=79), first, second, third]
    assert standing(line) == [third]
    assert standing(line[:3]) == [second]
    assert standing([first]) == [first]  # what it corrects has not arrived yet


def test_what_is_withdrawn_is_gone_and_may_be_charted_again():
    line = [vitals(1, 5, spo2_percent=79), event(2, "withdrawn", 6, replaces=1)]
    assert standing(line) == []
    again = replace(vitals(3, 5, spo2_percent=97), replaces=2)
    assert standing([*line, again]) == [again]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: event(2, "vitals", 0, replaces=2), "only replace an earlier"),
        (lambda: event(2, "withdrawn", 0), "replaces: is missing"),
        (lambda: event(1, "dose_stop", 0, dose_mg=1001), "dose_mg: is 1001"),
        (lambda: event(1, "dose_stop", 0, dose_mg=-1), "dose_mg: is -1"),
        (lambda: event(1, "symptom", 0, symptoms=("pain",)), "symptom: is 'pain'"),
        (lambda: vitals(1, 0, spo2_percent=101), "spo2_percent: is 101"),
        (lambda: standing([vitals(1, 0), vitals(1, 1)]), "number 1 stands for two"),
    ],
)
def test_an_event_that_cannot_be_is_refused(make, says):
    with pytest.raises(InvalidInput, match=says):
        make()


# --- the dose ----------------------------------------------------------------------------------


def start(number, minute, **more):
    return event(number, "dose_start", minute, **more)


def stop(number, minute, **more):
    return event(number, "dose_stop", minute, **more)


def device(number, minute, **more):
    return event(number, "device", minute, **more)


DOSES = [
    # plan, events, mg given, minute of the last part (None: runs)
    (IV, [start(1, 0)], "0", None),
    (IV, [start(1, 0), stop(2, 40, dose_mg="35.5")], "35.5", 40),
    (IV, [start(1, 0), stop(2, 20, dose_mg=15), start(3, 30)], "15", None),
    (IV, [start(1, 0), stop(2, 20, dose_mg=15), start(3, 30), stop(4, 50, dose_mg=9)], "24", 50),
    (IV, [start(1, 0), stop(2, 40)], None, 40),
    (IM, [start(1, 0, dose_mg=50)], "50", 0),
    (IM, [start(1, 0, dose_mg=50), start(2, 15, dose_mg="12.5")], "62.5", 15),
    (IM, [start(1, 0)], None, 0),
    (SPRAY, [device(1, 0), device(2, 5), device(3, 10)], "84", 10),
    (SPRAY, [start(1, 0), device(2, 1), device(3, 6, dose_mg=14)], "42", 6),
]


@pytest.mark.hazard(5)
@pytest.mark.parametrize(("plan", "line", "mg", "last"), DOSES)
def test_the_dose_given_is_summed_exactly_and_its_last_part_known(plan, line, mg, last):
    state = fold(plan, line, at(90))
    assert state.dose_given_mg == (None if mg is None else Decimal(mg))
    assert state.dose.start == at(0)
    assert state.dose.end == (None if last is None else at(last))


@pytest.mark.hazard(14)
def test_a_corrected_last_device_moves_the_end_of_the_wait():
    late = replace(device(4, 20), replaces=3)
    line = [device(1, 0), device(2, 5), device(3, 10), late]
    state = fold(SPRAY, line, at(139))
    assert state.dose.end == at(20)
    assert "DIS-01" in state.readiness.in_state(State.UNMET)
    assert "DIS-01" not in fold(SPRAY, line, at(140)).readiness.in_state(State.UNMET)


def test_before_any_drug_there_is_no_dose_and_nothing_is_due():
    state = fold(IV, [vitals(1, -5, spo2_percent=97)], at(0))
    assert (state.dose, state.dose_given_mg, state.due) == (None, 0, ())
    assert state.phase is Session.SCHEDULED


# --- what the console shows --------------------------------------------------------------------


@pytest.mark.hazard(6)
def test_a_stale_value_is_blank_and_still_has_its_age():
    line = [start(1, 0), vitals(2, 5, spo2_percent=97)]
    fresh, old = (fold(IV, line, at(n)).latest["spo2_percent"] for n in (25, 25.1))
    assert fresh.value == 97
    assert (old.value, old.age) == (None, timedelta(minutes=20.1))
    assert old.observed_at == at(5)


def test_the_latest_is_by_the_moment_it_was_true_not_by_arrival():
    line = [start(1, 0), vitals(2, 8, spo2_percent=97), vitals(3, 6, spo2_percent=91)]
    assert fold(IV, line, at(9)).latest["spo2_percent"].value == 97


def test_the_phase_is_the_last_charted_and_drug_means_dosing():
    line = [
        event(1, "phase", -10, phase=Session.READY),
        start(2, 0),
        event(3, "phase", 20, phase=Session.PEAK),
        stop(4, 40, dose_mg=30),
        event(5, "phase", 130, phase=Session.DISCHARGED),
    ]
    seen = [fold(IV, line, at(minute)).phase for minute in (-1, 1, 41, 131)]
    assert seen == [Session.READY, Session.DOSING, Session.PEAK, Session.DISCHARGED]
    assert fold(IV, line, at(129)).due
    assert fold(IV, line, at(131)).due == ()


def test_a_known_baseline_stands_in_for_the_computed_one():
    seated = {"seated": True}
    line = [
        replace(vitals(n, minute), values={"spo2_percent": Decimal(96)} | seated)
        for n, minute in ((1, -10), (2, -2))
    ]
    assert fold(IV, line, at(0)).baseline == {"spo2_percent": 96}
    known = fold(IV, line, at(0), {"spo2_percent": Decimal(98)})
    assert known.baseline == {"spo2_percent": 98}


def test_resolving_and_overriding_are_events_too():
    line = [start(1, 0), vitals(2, 5, spo2_percent=85), vitals(3, 10, spo2_percent=97)]
    assert [one.rule for one in fold(IV, line, at(11)).alarms] == ["ALM-O1"]
    line.append(event(4, "alarm_resolved", 11, rule="ALM-O1"))
    line.append(event(5, "override", 11, rule="DIS-01"))
    state = fold(IV, line, at(12))
    assert state.alarms == ()
    assert [row.id for row in state.readiness.rows if row.overridden] == ["DIS-01"]


@pytest.mark.hazard(16)
def test_across_the_clock_change_ages_are_true():
    zone = ZoneInfo("America/New_York")
    before = datetime(2026, 11, 1, 1, 50, tzinfo=zone)  # first 1:50, ten minutes before 2:00
    after = datetime(2026, 11, 1, 1, 10, tzinfo=zone, fold=1)  # second 1:10, 20 minutes later
    one = Event(1, Kind.VITALS, before, values={"spo2_percent": Decimal(97)})
    assert fold(IV, [one], after).latest["spo2_percent"].age == timedelta(minutes=20)
