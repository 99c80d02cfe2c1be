"""A number that stopped being true and says nothing is believed."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kapstone.monitoring.ageing import too_old
from kapstone.monitoring.readings import Readings
from kapstone.monitoring.schedules import CHANNELS, Dose, schedule_for, stale_after
from kapstone.monitoring.vitals import Reading

T0 = datetime(2026, 3, 1, 15, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DOSE = Dose(T0, T0)


def at(minute):
    return T0 + timedelta(minutes=minute)


def read(minute, *names, streamed=False, artefact=False, number=1):
    low_first = {"diastolic_mmhg": 70, "systolic_mmhg": 120}
    values = {name: Decimal(low_first.get(name, 5)) for name in names}
    return Reading(number, at(minute), values, streamed, artefact)


def calls(readings, now, product="RACEMIC", route="IM"):
    found = too_old(schedule_for(product, route), DOSE, Readings.of(readings), now)
    return [(one.rule, one.band) for one in found]


def listed():
    with (Path(__file__).parent / "age_limits.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


@pytest.mark.hazard(6)
@pytest.mark.parametrize("row", listed(), ids=" ".join)
def test_a_value_calls_when_it_blanks(row):
    product, route, minute, channel, lasts, _ = row
    line = [read(int(minute), *CHANNELS[channel])]
    ends = at(int(minute) + int(lasts))
    assert calls(line, ends - SECOND, product, route) == []
    assert calls(line, ends, product, route) == []
    assert calls(line, ends + SECOND, product, route) == [("ALM-OLD", channel)]


@pytest.mark.hazard(6)
@pytest.mark.parametrize("name", ["heart_rate_bpm", "spo2_percent", "respiratory_rate_per_min"])
def test_a_device_gone_silent_for_ten_seconds_calls(name):
    (channel,) = [key for key, names in CHANNELS.items() if name in names]
    line = [read(1, name, streamed=True)]
    assert calls(line, at(1) + 9 * SECOND) == []
    assert calls(line, at(1) + 10 * SECOND) == []
    assert calls(line, at(1) + 11 * SECOND) == [("ALM-LOST", channel)]
    assert calls([*line, read(1.1, name, streamed=True, number=2)], at(1) + 11 * SECOND) == []


@pytest.mark.hazard(6)
def test_a_device_that_fell_silent_before_the_drug_calls_when_the_drug_begins():
    line = [read(-1, "spo2_percent", streamed=True)]
    assert calls(line, at(0)) == [("ALM-LOST", "spo2")]


@pytest.mark.hazard(6)
def test_measuring_by_hand_ends_what_a_lost_device_called_and_its_own_age_begins():
    lost = read(1, "spo2_percent", streamed=True)
    hand = read(2, "spo2_percent", number=2)
    assert calls([lost, hand], at(2)) == []
    assert calls([lost, hand], at(12) + SECOND) == [("ALM-OLD", "spo2")]


def test_one_old_value_of_a_channel_is_enough_and_it_is_named_with_its_moment():
    line = [read(0, *CHANNELS["bp_hr"]), read(9, "heart_rate_bpm", number=2)]
    (alarm,) = too_old(schedule_for("RACEMIC", "IM"), DOSE, Readings.of(line), at(10) + SECOND)
    assert set(alarm.because) == {"systolic_mmhg", "diastolic_mmhg"}
    assert alarm.because["systolic_mmhg"] == at(0).isoformat()
    assert alarm.since == alarm.last == at(10)
    assert (alarm.tier, alarm.latching) == ("A1", False)


def test_since_is_the_first_value_that_went():
    line = [read(0, "systolic_mmhg"), read(1, "heart_rate_bpm", number=2)]
    (alarm,) = too_old(schedule_for("RACEMIC", "IM"), DOSE, Readings.of(line), at(60))
    assert alarm.since == at(10)


def test_a_device_and_a_hand_each_have_their_own_row():
    line = [read(0, "heart_rate_bpm", streamed=True), read(0, "systolic_mmhg", number=2)]
    assert calls(line, at(10) + SECOND) == [("ALM-OLD", "bp_hr"), ("ALM-LOST", "bp_hr")]


def test_what_was_never_charted_has_no_age_and_what_is_later_than_now_is_not_yet_true():
    assert calls([], at(600)) == []
    line = [read(0, *CHANNELS["bp_hr"]), read(11, *CHANNELS["bp_hr"], number=2)]
    assert calls(line, at(10) + SECOND) == [("ALM-OLD", "bp_hr")]
    assert calls(line, at(11)) == []


def test_the_order_of_arrival_does_not_count():
    line = [read(minute, *CHANNELS["bp_hr"], number=minute + 1) for minute in (0, 5, 9)]
    assert calls(line, at(19)) == calls(line[::-1], at(19)) == []
    late = at(19) + SECOND
    assert calls(line, late) == calls(line[::-1], late) == [("ALM-OLD", "bp_hr")]


def test_of_one_moment_the_later_line_counts():
    hand, device = read(0, "spo2_percent"), read(0, "spo2_percent", streamed=True, number=2)
    for line in ([hand, device], [device, hand]):
        assert calls(line, at(1)) == [("ALM-LOST", "spo2")]


@pytest.mark.hazard(6)
def test_a_reading_marked_as_an_artefact_is_no_sign_of_the_person():
    line = [read(0, *CHANNELS["bp_hr"]), read(9, *CHANNELS["bp_hr"], artefact=True, number=2)]
    assert calls(line, at(10) + SECOND) == [("ALM-OLD", "bp_hr")]


def test_the_limit_is_the_one_by_which_the_screen_blanks():
    plan, one = schedule_for("RACEMIC", "IM"), read(0, *CHANNELS["nrs"])
    ends = T0 + stale_after(plan, DOSE, one, "nausea_nrs_score")
    assert calls([one], ends) == []
    assert calls([one], ends + timedelta(microseconds=1)) == [("ALM-OLD", "nrs")]
