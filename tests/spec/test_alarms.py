"""An alarm that is silent on one side of its threshold, or never stops on the other, kills."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kapstone.errors import UnknownContent
from kapstone.monitoring.alarms import Began, alarm_rows
from kapstone.monitoring.fields import Fields
from kapstone.monitoring.judging import evaluate
from kapstone.monitoring.triggers import condition_from
from kapstone.monitoring.vitals import Reading, Symptom, parameters

T0 = datetime(2026, 3, 1, 15, tzinfo=UTC)
KEYS = {one.key: one.name for one in parameters().values()}
BASE = {
    "systolic_mmhg": Decimal(120),
    "diastolic_mmhg": Decimal(80),
    "heart_rate_bpm": Decimal(70),
    "spo2_percent": Decimal(98),
}


def read(at_s, streamed=False, **values):
    named = {
        KEYS[key]: value if isinstance(value, bool) else Decimal(str(value))
        for key, value in values.items()
    }
    return Reading(int(at_s * 10) + 1, T0 + timedelta(seconds=at_s), named, streamed)


def tiers(*line, base=BASE, resolved=None, now_s=100_000, began=None):
    readings = [one for one in line if isinstance(one, Reading)]
    symptoms = [one for one in line if isinstance(one, Symptom)]
    now = T0 + timedelta(seconds=now_s)
    found = evaluate(readings, base, symptoms, now, resolved, began)
    return {".".join(filter(None, (one.rule, one.band))): str(one.tier) for one in found}


def felt(at_s, name, present=True):
    return Symptom(int(at_s * 10) + 2, T0 + timedelta(seconds=at_s), name, present)


def lines():
    with (Path(__file__).parent / "alarm_cases.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def spoken(charted):
    """A case as it is written: `60 sbp=180`, `0..9 ~spo2=89` streamed, `30 +panic`, `60 -panic`."""
    line, base, began = [], dict(BASE), None
    for part in charted.split("; "):
        when, *told = part.split()
        if when == "base":
            base |= {KEYS[key]: Decimal(value) for key, value in (one.split("=") for one in told)}
        elif when == "dose":
            began = Began(told[0], T0)
        elif told[0][0] in "+-":
            line.append(felt(int(when), told[0][1:], told[0][0] == "+"))
        else:
            first, last = int(when.partition("..")[0]), int(when.rpartition("..")[2])
            values = dict(one.removeprefix("~").split("=") for one in told)
            values = {key: {"yes": True, "no": False}.get(one, one) for key, one in values.items()}
            streamed = told[0].startswith("~")
            line += [read(second, streamed, **values) for second in range(first, last + 1)]
    return line, base, began


@pytest.mark.hazard(8)
@pytest.mark.parametrize("case", lines(), ids=lambda case: f"{case['rule']} {case['charted']}")
def test_each_alarm_just_below_at_and_just_above(case):
    line, base, began = spoken(case["charted"])
    expected = None if case["tier"] == "-" else case["tier"]
    assert tiers(*line, base=base, began=began).get(case["rule"]) == expected
    assert tiers(*reversed(line), base=base, began=began).get(case["rule"]) == expected


def test_a_symptom_alone_raises_its_own_row_and_no_other():
    for case in lines():
        if case["charted"][:3] == "0 +" and ";" not in case["charted"] and case["tier"] != "-":
            line, base, began = spoken(case["charted"])
            assert tiers(*line, base=base, began=began) == {case["rule"]: case["tier"]}


@pytest.mark.parametrize(("gap_s", "tier"), [(9, "A1"), (10, "A1"), (11, None)])
def test_a_signal_is_lost_when_it_is_silent_for_more_than_ten_seconds(gap_s, tier):
    before = [read(second, streamed=True, spo2=93) for second in range(21)]
    after = read(20 + gap_s, streamed=True, spo2=93)
    rest = [read(20 + gap_s + one, streamed=True, spo2=93) for one in range(1, 11 - min(gap_s, 10))]
    assert tiers(*before, after, *rest).get("ALM-O1") == tier


def test_a_lost_signal_holds_the_timer_and_does_not_reset_it():
    before = [read(second, streamed=True, spo2=93) for second in range(16)]
    after = [read(100 + second, streamed=True, spo2=93) for second in range(16)]
    assert "ALM-O1" not in tiers(*before, *after[:-1])
    assert tiers(*before, *after) == {"ALM-O1": "A1"}
    calm = [read(second, streamed=True, spo2=97) for second in (50, 51, 52)]
    assert "ALM-O1" not in tiers(*before, *calm, *after)


LOW_S = range(1, 31)  # thirty samples after a calm one, a second apart: each stands for a second


def stream_of(shows, low=93, calm=97):
    """A stream from second 0: at which seconds it shows the low value."""
    return [read(s, streamed=True, spo2=low if s in shows else calm) for s in range(max(shows) + 1)]


@pytest.mark.parametrize(("last_s", "tier"), [(29, None), (30, "A1"), (31, "A1")])
def test_a_sample_stands_for_the_time_since_the_calm_one_before_it(last_s, tier):
    assert tiers(*stream_of(range(1, last_s + 1))).get("ALM-O1") == tier
    assert tiers(*stream_of(range(1, last_s + 1))[1:]).get("ALM-O1") == (
        tier if last_s > 30 else None
    )


@pytest.mark.hazard(7)
@pytest.mark.parametrize("calm_s", [{1}, {2}, {15}, {15, 16}, {5, 9, 20}, {2, 30}, {1, 30}])
def test_an_artefact_within_an_event_or_at_its_edge_takes_no_call_away(calm_s):
    event_s = set(range(1, 32))  # 30 s from its first sample to its last
    assert tiers(*stream_of(event_s - calm_s)) == {"ALM-O1": "A1"}


@pytest.mark.parametrize(("calm_s", "tier"), [({15, 16}, "A1"), ({15, 16, 17}, None)])
def test_calm_for_two_seconds_ends_what_a_stream_showed(calm_s, tier):
    assert tiers(*stream_of(set(range(32)) - calm_s)).get("ALM-O1") == tier


@pytest.mark.parametrize(("shows", "tier"), [("1101", "A1"), ("1010", None), ("110", "A1")])
def test_more_than_half_of_the_time_asked_for_has_to_show_it(shows, tier):
    at = {s for s in range(90) if shows[s % len(shows)] == "1"}
    assert tiers(*stream_of(at)).get("ALM-O1") == tier


@pytest.mark.parametrize(("more", "tier"), [((), None), ((3,), "A2")])
def test_half_of_five_minutes_is_not_enough_and_a_second_more_is(more, tier):
    fast = {*range(0, 301, 2), *more}
    line = [read(s, streamed=True, hr=121 if s in fast else 80) for s in range(301)]
    assert tiers(*line).get("ALM-HR1") == tier


@pytest.mark.parametrize(
    ("steps_s", "tier"), [((8, 1, 1), "A3"), ((7, 1, 1), None), ((1, 8, 1, 8, 1), None)]
)
def test_of_a_stream_with_steps_of_its_own_time_counts_and_not_samples(steps_s, tier):
    """After a calm sample a low one and a calm one in turn, each so many seconds later."""
    at, line = 0, [read(0, streamed=True, spo2=97)]
    for place, step in enumerate(steps_s):
        line.append(read(at := at + step, streamed=True, spo2=97 if place % 2 else 89))
    assert tiers(*line).get("ALM-O1") == tier


def test_what_a_stream_showed_before_the_time_asked_for_weighs_nothing():
    """Hanging about the limit for minutes takes nothing from the event that follows."""
    at = set(range(0, 300, 2)) | set(range(300, 331))
    assert "ALM-O1" not in tiers(*stream_of(at)[:300])
    assert tiers(*stream_of(at)) == {"ALM-O1": "A1"}


def test_a_slow_stream_needs_a_second_sample():
    line = [read(s, streamed=True, spo2=97 if s == 0 else 89) for s in (0, 10, 20)]
    assert tiers(*line[:2]) == {}
    assert tiers(*line) == {"ALM-O1": "A3"}


def test_a_reading_by_hand_between_two_samples_takes_no_time_away():
    hand = Reading(999, T0 + timedelta(seconds=15.5), {"heart_rate_bpm": Decimal(125)})
    line = [read(s, streamed=True, hr=125) for s in range(301)]
    assert tiers(*line, hand) == {"ALM-HR1": "A2"}
    assert tiers(*line[:-1], hand) == {}


def test_a_device_that_says_what_a_hand_measured_ends_nothing():
    line = [read(0, spo2=91), read(1, streamed=True, spo2=91)]
    assert tiers(*line) == {"ALM-O1": "A2"}
    assert tiers(*line, read(2, spo2=97)) == {}


def test_of_a_stream_on_oxygen_one_slipped_sample_is_no_fall():
    line = [read(s, streamed=True, spo2=40 if s == 3 else 93, spo2_o2=True) for s in range(9)]
    assert tiers(*line) == {}
    assert tiers(*line[:3], read(3, spo2=92, spo2_o2=True)) == {"ALM-O1": "A3"}  # by hand at once


@pytest.mark.parametrize(("calm_s", "tier"), [(1, "A1"), (2, "A1"), (3, None)])
def test_an_alarm_of_a_stream_ends_when_it_is_calm_for_two_seconds(calm_s, tier):
    low = [read(second, streamed=True, spo2=93) for second in range(31)]
    calm = [read(31 + second, streamed=True, spo2=97) for second in range(calm_s)]
    assert tiers(*low, *calm).get("ALM-O1") == tier
    assert tiers(*low, read(31, spo2=97)).get("ALM-O1") is None  # by hand at once


def test_a_stream_that_hangs_about_a_limit_is_not_timed():
    line = [read(s, streamed=True, spo2=93 + s % 2) for s in range(300)]
    assert "ALM-O1" not in tiers(*line)


def test_calm_that_is_broken_begins_anew():
    """Two calm samples, one low, two calm: never calm for two seconds."""
    low = [read(second, streamed=True, spo2=93) for second in range(31)]
    rest = [read(31 + s, streamed=True, spo2=93 if s == 2 else 97) for s in range(5)]
    assert tiers(*low, *rest) == {"ALM-O1": "A1"}


def test_without_a_baseline_only_a_rise_or_fall_is_silent():
    assert tiers(read(0, sbp=159), base={}) == {}
    assert tiers(read(0, sbp=160), base={}) == {"ALM-BP1": "A1"}
    high = BASE | {"systolic_mmhg": Decimal(160)}
    assert tiers(read(0, sbp=112), base=high) == {}  # exactly 30 % under
    assert tiers(read(0, sbp=111), base=high) == {"ALM-BPL": "A2"}


def test_a_calm_reading_ends_an_alarm_and_the_highest_tier_stands():
    assert tiers(read(0, sbp=165), read(300, sbp=130)) == {}
    assert tiers(read(0, moaas=2), read(300, moaas=3)) == {"ALM-SED": "A1"}


def test_an_emergency_stays_until_a_person_resolves_it():
    line = [read(0, spo2=88), read(300, spo2=93)]
    key = ("ALM-O1", None)
    assert tiers(*line) == {"ALM-O1": "A3"}
    at = {key: T0 + timedelta(seconds=200)}
    assert tiers(*line, resolved=at) == {"ALM-O1": "A1"}
    assert tiers(*line, read(600, spo2=88), resolved=at) == {"ALM-O1": "A3"}


def test_resolving_does_not_silence_what_the_last_reading_still_shows():
    at = {("ALM-O1", None): T0 + timedelta(seconds=200)}
    assert tiers(read(0, spo2=88), resolved=at) == {"ALM-O1": "A3"}


def test_two_kinds_of_emergency_stand_side_by_side_and_resolve_apart():
    line = [felt(0, "chest_pain"), felt(1, "visual_loss"), felt(60, "chest_pain", False)]
    both = evaluate([], {}, line, T0 + timedelta(hours=1))
    assert {(one.rule, one.band) for one in both} == {("ALM-CP", None), ("ALM-CP", "neurological")}
    at = {("ALM-CP", None): T0 + timedelta(seconds=90)}
    (left,) = evaluate([], {}, line, T0 + timedelta(hours=1), at)
    assert left.band == "neurological"


def test_an_alarm_tells_since_when_and_why_and_no_age_silences_it():
    line = [read(0, sbp=165), read(300, sbp=170)]
    (alarm,) = [a for a in evaluate(line, BASE, [], T0 + timedelta(hours=9)) if a.tier == "A1"]
    assert alarm.since == T0
    assert alarm.because["systolic_mmhg"] == 170
    assert alarm.because["baseline.systolic_mmhg"] == 120
    assert alarm.action


def test_what_is_later_than_now_is_not_yet_true():
    assert tiers(read(300, sbp=200), now_s=299) == {}
    assert "ALM-BP2" in tiers(read(300, sbp=200), now_s=300)


def test_one_reading_charted_twice_at_one_moment_is_not_two():
    twice = [read(0, sbp=185), Reading(9, T0, {"systolic_mmhg": Decimal(185)})]
    assert "ALM-BP2" not in tiers(*twice)


def test_every_row_names_what_is_charted_and_every_emergency_latches():
    for row in alarm_rows():
        assert row.triggers
        assert row.source
        assert row.mark
        for trigger in row.triggers:
            assert all(one.parameter in parameters() for one in trigger.when)
            assert trigger.when or trigger.symptoms or trigger.too_old
        assert row.latching or row.tier != "A3"


def test_a_row_with_an_unknown_operation_is_refused():
    row = Fields.read("", {"parameter": "moaas_score", "op": "=>", "value": 1})
    with pytest.raises(UnknownContent, match="=>"):
        condition_from(row)
