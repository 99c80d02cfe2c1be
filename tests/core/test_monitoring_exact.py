"""What is exactly on a limit, or told beside a judgement: a nurse reads both."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kapstone.errors import InvalidInput
from kapstone.monitoring.course import Course
from kapstone.monitoring.events import Event, Kind
from kapstone.monitoring.follow import replay
from kapstone.monitoring.judging import evaluate
from kapstone.monitoring.readings import Readings
from kapstone.monitoring.recovery import State, discharge_readiness
from kapstone.monitoring.schedules import Dose, schedule_for
from kapstone.monitoring.vitals import Reading, Symptom

T0 = datetime(2026, 3, 1, 15, tzinfo=UTC)
IM = schedule_for("RACEMIC", "IM")
NAMES = ("systolic_mmhg", "diastolic_mmhg")


def at(minute):
    return T0 + timedelta(minutes=minute)


def read(minute, number=1, **values):
    named = {name: one if isinstance(one, bool) else Decimal(one) for name, one in values.items()}
    return Reading(number, at(minute), named)


@pytest.mark.hazard(7)
@pytest.mark.parametrize(
    ("values", "tier"), [((97, 94), []), ((93, 97, 94), []), ((97, 93), ["A3"])]
)
def test_oxygen_that_falls_on_oxygen_calls_below_the_limit_and_not_on_it(values, tier):
    """On it many are all day: a call that comes for that is not believed when it counts."""
    told = enumerate(values, 1)
    line = [read(number, number, spo2_percent=one, on_oxygen=True) for number, one in told]
    found = evaluate(line, {}, [], at(4))
    assert [str(one.tier) for one in found if one.latching] == tier


def judged(course, rule, minute):
    rows = discharge_readiness(course, at(minute)).rows
    return next(row for row in rows if row.id == rule)


def im(*readings, symptoms=(), **baseline):
    base = {name: Decimal(value) for name, value in baseline.items()}
    return Course(IM, Dose(T0, T0), Readings.of(readings), symptoms, base)


# --- alarms --------------------------------------------------------------------------------------


def test_a_symptom_of_this_very_moment_calls():
    felt = Symptom(1, T0, "seizure")
    assert [one.rule for one in evaluate([], {}, [felt], T0)] == ["ALM-SZ"]
    assert evaluate([], {}, [felt], T0 - timedelta(seconds=1)) == ()


def test_the_hardest_stands_first():
    line = [read(0, systolic_mmhg=165, spo2_percent=91, respiratory_rate_per_min=7)]
    assert [str(one.tier) for one in evaluate(line, {}, [], at(1))] == ["A3", "A2", "A1"]


def test_what_was_resolved_at_the_moment_of_its_last_reading_is_resolved():
    line = [read(0, spo2_percent=84), read(5, 2, spo2_percent=98)]
    assert evaluate(line, {}, [], at(6), {("ALM-O1", None): T0}) == ()
    earlier = {("ALM-O1", None): T0 - timedelta(seconds=1)}
    assert [one.rule for one in evaluate(line, {}, [], at(6), earlier)] == ["ALM-O1"]


@pytest.mark.hazard(8)
def test_an_emergency_that_two_limits_showed_is_over_once_it_was_resolved():
    line = [read(0, spo2_percent=84), read(5, 2, spo2_percent=98)]
    (stands,) = evaluate(line, {}, [], at(6))
    assert (stands.since, stands.last) == (at(0), at(0))
    assert evaluate(line, {}, [], at(6), {("ALM-O1", None): at(3)}) == ()


def test_the_baseline_is_told_beside_a_change_and_beside_nothing_else():
    base = {"spo2_percent": Decimal(98), "systolic_mmhg": Decimal(120)}
    low, high = evaluate([read(0, spo2_percent=91, systolic_mmhg=156)], base, [], at(1))
    assert low.because == {"spo2_percent": 91}
    assert high.because == {"systolic_mmhg": 156, "baseline.systolic_mmhg": 120}


def test_an_alarm_that_one_limit_showed_and_then_another_is_one_alarm_since_the_first():
    line = [read(0, systolic_mmhg=200), read(5, 2, systolic_mmhg=185)]
    (high,) = [one for one in evaluate(line, {}, [], at(6)) if one.rule == "ALM-BP2"]
    assert (high.since, high.last) == (at(0), at(5))


def test_an_alarm_names_the_newest_moment_that_showed_it():
    line = [read(0, spo2_percent=93), read(5, 2, spo2_percent=92), read(6, 3, nausea_nrs_score=0)]
    (alarm,) = evaluate(line, {}, [], at(9))
    assert (alarm.since, alarm.last) == (at(0), at(5))


# --- events --------------------------------------------------------------------------------------


def test_a_symptom_is_there_unless_it_is_said_to_be_gone():
    felt = Event(1, Kind.SYMPTOM, T0, symptoms=("panic",))
    assert [one.present for one in felt.charted_symptoms()] == [True]


@pytest.mark.parametrize("dose_mg", ["0", "0.01", "1000"])
def test_a_dose_that_is_possible(dose_mg):
    assert Event(1, Kind.DEVICE, T0, dose_mg=Decimal(dose_mg)).dose_mg == Decimal(dose_mg)


@pytest.mark.parametrize("dose_mg", ["-0.01", "1000.01"])
def test_a_dose_that_is_not(dose_mg):
    with pytest.raises(InvalidInput, match="dose_mg"):
        Event(1, Kind.DEVICE, T0, dose_mg=Decimal(dose_mg))


@pytest.mark.parametrize("t_min", [-1440, 2880])
def test_a_replay_takes_a_day_before_and_two_after(t_min):
    told = {"product": "RACEMIC", "route": "IM", "events": [], "now_min": t_min}
    assert replay(told)["alarms"] == []


# --- discharge -----------------------------------------------------------------------------------


def test_the_minutes_are_told_to_a_tenth():
    dose = Dose(T0, at(10))
    row = judged(replace(im(), dose=dose), "DIS-01", 75.55)
    assert row.because["since_last_part_min"] == Decimal("65.6")
    assert str(row.because["since_start_min"]) == "75.6"
    assert row.because["earliest"] == at(130).isoformat()


def test_what_a_criterion_was_judged_on_is_told():
    low = im(read(119, spo2_percent=90, respiratory_rate_per_min=12, on_oxygen=True))
    assert judged(low, "DIS-06", 120).because == {
        "spo2_percent": 90,
        "respiratory_rate_per_min": 12,
        "on_oxygen": True,
        "baseline.spo2_percent": "not known",
    }
    nothing = judged(im(spo2_percent=98), "DIS-06", 120).because
    assert nothing["spo2_percent"] == "not charted, or too old"
    assert nothing["on_oxygen"] == "not charted"
    assert nothing["baseline.spo2_percent"] == 98
    assert judged(im(read(119, aldrete_score=8)), "DIS-02", 120).because == {"aldrete_score": 8}
    assert judged(im(), "DIS-02", 120).because == {"aldrete_score": "not charted, or too old"}


def test_of_two_pressures_near_40_minutes_the_later_is_told():
    spray = schedule_for("ESKETAMINE", "IN")
    pressures = [read(36, 1, systolic_mmhg=150), read(44, 2, systolic_mmhg=140)]
    course = replace(im(*pressures), schedule=spray)
    assert judged(course, "MON-INE", 60).because == {"systolic_mmhg": 140}
    assert judged(im(), "DIS-05", 60).because != {}


def test_vomiting_this_very_moment_counts():
    calm = read(119, nausea_nrs_score=0, pain_nrs_score=0)
    course = im(calm, symptoms=[Symptom(2, at(120), "vomiting")])
    row = judged(course, "DIS-08", 120)
    assert row.state is State.UNMET
    assert row.because["vomiting"] == at(120).isoformat()
    assert judged(im(calm), "DIS-08", 120).because["vomiting"] == "none charted"


@pytest.mark.parametrize(
    ("systolic", "diastolic", "met"),
    [
        ("156", "84", True),  # 20 % above 130
        ("156.1", "84", False),
        ("150", "96", True),  # 20 % above 80
        ("150", "96.1", False),
        ("150", "64", True),  # 20 % under 80
        ("150", "63.9", False),
    ],
)
def test_within_a_fifth_of_the_baseline(systolic, diastolic, met):
    pair = [read(m, m, systolic_mmhg=systolic, diastolic_mmhg=diastolic) for m in (110, 119)]
    course = im(*pair, systolic_mmhg=130, diastolic_mmhg=80)
    assert judged(course, "DIS-05", 120).state is (State.MET if met else State.UNMET)
