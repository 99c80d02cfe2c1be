"""A reading nobody is reminded of is not taken; a number too old looks like the present."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice, takewhile
from pathlib import Path

import pytest

from kapstone.errors import UnknownContent
from kapstone.monitoring.readings import Readings
from kapstone.monitoring.schedules import CHANNELS, Dose, due, schedule_for, slots, stale
from kapstone.monitoring.vitals import Reading

T0 = datetime(2026, 3, 1, 15, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def at(minute):
    return T0 + timedelta(minutes=minute)


def read(minute, channel="bp_hr", streamed=False):
    low_first = {"diastolic_mmhg": 70, "systolic_mmhg": 120}
    values = {name: Decimal(low_first.get(name, 5)) for name in CHANNELS[channel]}
    return Reading(int(minute * 10) + 1, at(minute), values, streamed)


PLANS = [
    # product, route, end of dose, channel, first moments
    ("RACEMIC", "IV", 40, "bp_hr", [0, 10, 20, 30, 40, 55, 70, 85, 100]),
    ("RACEMIC", "IV", 44, "bp_hr", [0, 10, 20, 30, 44, 59, 74, 89, 104]),
    ("RACEMIC", "IV", 45, "bp_hr", [0, 10, 20, 30, 40, 45, 60, 75, 90, 105]),
    ("RACEMIC", "IV", 0, "bp_hr", [0, 15, 30, 45, 60, 100]),
    ("RACEMIC", "IV", 5, "bp_hr", [0, 20, 35, 50, 65, 100]),
    ("RACEMIC", "IV", 6, "bp_hr", [0, 6, 21, 36, 51, 66, 100]),
    ("RACEMIC", "IV", None, "bp_hr", [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110]),
    ("RACEMIC", "IV", 40, "nrs", [20, 40, 60, 90, 100]),
    ("RACEMIC", "IV", 40, "rr_moaas", [0, 15, 30, 45, 60, 75, 90, 105, 120, 135, 150, 165]),
    ("RACEMIC", "IM", 0, "bp_hr", [0, 5, 10, 15, 30, 45, 60, 90, 120, 150, 180, 210]),
    ("RACEMIC", "IM", 0, "rr_moaas", [0, 10, 20, 30, 45, 60, 75, 90, 105, 120, 135, 150]),
    ("RACEMIC", "SC", 0, "bp_hr", [0, 15, 30, 45, 60, 90, 120]),
    ("RACEMIC", "IN", 0, "bp_hr", [0, 15, 30, 40, 60, 90, 120]),
    ("RACEMIC", "IN", 10, "bp_hr", [0, 15, 30, 40, 60, 90, 130]),
    ("ESKETAMINE", "IN", 10, "bp_hr", [0, 40, 70, 100, 130, 160, 190, 220, 250, 280, 310, 340]),
    ("RACEMIC", "SL", 0, "bp_hr", [0, 30, 60, 90, 120]),
    ("RACEMIC", "SL", 5, "bp_hr", [0, 30, 60, 90, 120]),
    ("RACEMIC", "SL", 6, "bp_hr", [0, 30, 60, 90, 120, 126]),
    ("RACEMIC", "PO", 0, "bp_hr", [0, 30, 60, 90, 120, 150, 180]),
]


@pytest.mark.parametrize(("product", "route", "end", "channel", "expected"), PLANS)
def test_the_moments_of_each_plan(product, route, end, channel, expected):
    ran = None if end is None else timedelta(minutes=end)
    plan = schedule_for(product, route)
    moments = [slot.at for slot in islice(slots(plan, channel, ran), 12)]
    assert moments == [timedelta(minutes=minute) for minute in expected]


def listed():
    with (Path(__file__).parent / "schedule_moments.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        return list(csv.reader(file))[1:]


@pytest.mark.parametrize("row", listed(), ids=" ".join)
def test_the_moments_of_each_channel_of_each_plan(row):
    product, route, ran, until, channel, told = row
    plan = slots(schedule_for(product, route), channel, timedelta(minutes=int(ran)))
    ends = timedelta(minutes=int(until) - 5)
    moments = [slot.at for slot in takewhile(lambda slot: slot.at <= ends, plan)]
    assert moments == [timedelta(minutes=int(minute)) for minute in told.split()]


def wanted(readings, now, route="IV", end=40, channel="bp_hr"):
    dose = Dose(at(0), None if end is None else at(end))
    found = due(schedule_for("RACEMIC", route), dose, Readings.of(readings), now)
    return [((one.at - T0).seconds // 60, one.missed) for one in found if one.channel == channel]


def test_a_reading_is_missed_five_minutes_after_its_moment():
    assert wanted([read(0)], at(9)) == [(10, False)]
    assert wanted([read(0)], at(15)) == [(10, False), (20, False)]
    assert wanted([read(0)], at(15) - SECOND) == [(10, False)]
    assert wanted([read(0)], at(15) + SECOND) == [(10, True), (20, False)]


def test_a_reading_counts_from_five_minutes_before_and_once():
    assert wanted([read(0), read(5)], at(6)) == [(20, False)]
    assert wanted([read(0), read(4.9)], at(6)) == [(10, False)]
    assert wanted([read(-5)], at(0)) == [(10, False)]
    assert wanted([read(-5.1)], at(0)) == [(0, False)]


def test_in_a_close_plan_a_reading_counts_for_the_nearer_moment():
    assert wanted([read(0), read(2.4)], at(3), route="IM", end=0) == [(5, False)]
    assert wanted([read(0), read(2.5)], at(3), route="IM", end=0) == [(10, False)]


def test_half_a_reading_is_none():
    pulse = Reading(1, at(0), {"heart_rate_bpm": Decimal(70)})
    assert wanted([pulse], at(1)) == [(0, False)]


def test_what_comes_later_than_now_does_not_count_and_a_finished_plan_is_silent():
    assert wanted([read(10)], at(6)) == [(0, True), (10, False)]
    done = [read(minute) for minute in (0, 10, 20, 30, 40, 55, 70, 85, 100)]
    assert wanted(done, at(300)) == []
    assert wanted(done[:-1], at(300)) == [(100, True)]


def test_due_comes_in_order_of_time_with_its_channel():
    found = due(schedule_for("RACEMIC", "IV"), Dose(at(0), None), Readings.of([]), at(0))
    assert [(one.channel, one.at) for one in found] == [
        ("bp_hr", at(0)),
        ("spo2", at(0)),
        ("rr_moaas", at(0)),
        ("nrs", at(20)),
    ]


STALE = [
    # product, route, minute read, parameter, last minute at which it may be shown
    ("RACEMIC", "IV", 0, "systolic_mmhg", 20),
    ("RACEMIC", "IV", -5, "systolic_mmhg", 15),
    ("RACEMIC", "IV", 35, "systolic_mmhg", 55),
    ("RACEMIC", "IV", 40, "systolic_mmhg", 70),
    ("RACEMIC", "IV", 200, "systolic_mmhg", 230),
    ("RACEMIC", "IM", 0, "systolic_mmhg", 10),
    ("RACEMIC", "IM", 70, "systolic_mmhg", 100),
    ("ESKETAMINE", "IN", 40, "systolic_mmhg", 80),
    ("RACEMIC", "PO", 160, "systolic_mmhg", 220),
    ("ESKETAMINE", "IN", 40, "heart_rate_bpm", 80),
    ("RACEMIC", "SL", 35, "spo2_percent", 65),
]


@pytest.mark.hazard(6)
@pytest.mark.parametrize(("product", "route", "minute", "name", "last"), STALE)
def test_a_value_blanks_at_twice_its_interval(product, route, minute, name, last):
    plan, dose = schedule_for(product, route), Dose(at(0), at(40))
    one = read(minute, "spo2" if name == "spo2_percent" else "bp_hr")
    assert not stale(plan, dose, one, name, at(last))
    assert stale(plan, dose, one, name, at(last) + SECOND)


@pytest.mark.hazard(6)
def test_a_streamed_value_blanks_after_ten_seconds():
    plan, one = schedule_for("RACEMIC", "IV"), read(5, streamed=True)
    assert not stale(plan, Dose(at(0), None), one, "systolic_mmhg", at(5) + 10 * SECOND)
    assert stale(plan, Dose(at(0), None), one, "systolic_mmhg", at(5) + 11 * SECOND)


@pytest.mark.hazard(6)
def test_before_the_dose_a_value_is_measured_by_the_first_interval():
    plan, one = schedule_for("RACEMIC", "IV"), read(0)
    assert not stale(plan, None, one, "systolic_mmhg", at(20))
    assert stale(plan, None, one, "systolic_mmhg", at(20) + SECOND)


def test_what_has_no_schedule_has_no_limit():
    score = Reading(1, at(0), {"aldrete_score": Decimal(9)})
    assert not stale(schedule_for("RACEMIC", "IV"), None, score, "aldrete_score", at(2000))


def test_a_route_without_a_plan_is_named():
    with pytest.raises(UnknownContent, match="ESKETAMINE by IV"):
        schedule_for("ESKETAMINE", "IV")


def test_a_late_reading_counts_until_the_next_may_be_taken_and_then_the_miss_is_kept():
    plan, dose = schedule_for("ESKETAMINE", "IN"), Dose(at(0), at(0))

    def missed(minute):
        found = due(plan, dose, Readings.of([read(0), read(minute)]), at(60))
        return [one.at for one in found if one.channel == "bp_hr" and one.missed]

    assert missed(54.9) == []
    assert missed(55) == [at(40)]  # every 20–30: the one after 40 may come from 55
