"""An alarm that is silent on one side of its threshold, or never stops on the other, kills."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kapstone.errors import UnknownContent
from kapstone.monitoring.alarms import alarm_rows, evaluate
from kapstone.monitoring.fields import Fields
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


def tiers(*line, base=BASE, resolved=None, now_s=100_000):
    readings = [one for one in line if isinstance(one, Reading)]
    symptoms = [one for one in line if isinstance(one, Symptom)]
    now = T0 + timedelta(seconds=now_s)
    found = evaluate(readings, base, symptoms, now, resolved)
    return {one.rule: str(one.tier) for one in found}


def felt(at_s, name, present=True):
    return Symptom(int(at_s * 10) + 2, T0 + timedelta(seconds=at_s), name, present)


ONE_READING = [
    # values, rule, tier (None: silent). Source of every threshold: protocol 6.2.
    ({"sbp": 155}, "ALM-BP1", None),
    ({"sbp": 156}, "ALM-BP1", "A1"),  # 30 % over 120
    ({"dbp": 99}, "ALM-BP1", None),
    ({"dbp": 100}, "ALM-BP1", "A1"),
    ({"sbp": 199}, "ALM-BP2", None),
    ({"sbp": 200}, "ALM-BP2", "A2"),
    ({"dbp": 119}, "ALM-BP2", None),
    ({"dbp": 120}, "ALM-BP2", "A2"),
    ({"sbp": 90}, "ALM-BPL", None),
    ({"sbp": 89}, "ALM-BPL", "A2"),
    ({"hr": 150}, "ALM-HR1", None),
    ({"hr": 151}, "ALM-HR1", "A3"),
    ({"hr": 70, "rhythm_irregular": False}, "ALM-HR1", None),
    ({"hr": 70, "rhythm_irregular": True}, "ALM-HR1", "A3"),
    ({"hr": 45}, "ALM-HRL", None),
    ({"hr": 44}, "ALM-HRL", "A2"),
    ({"spo2": 94}, "ALM-O1", None),
    ({"spo2": 93.9}, "ALM-O1", "A1"),
    ({"spo2": 92}, "ALM-O1", "A1"),
    ({"spo2": 91.9}, "ALM-O1", "A2"),
    ({"spo2": 90}, "ALM-O1", "A2"),
    ({"spo2": 89.9}, "ALM-O1", "A3"),
    ({"rr": 10}, "ALM-RR", None),
    ({"rr": 9}, "ALM-RR", "A2"),
    ({"rr": 8}, "ALM-RR", "A2"),
    ({"rr": 7}, "ALM-RR", "A3"),
    ({"rr": 30}, "ALM-RR", None),
    ({"rr": 31}, "ALM-RR", "A2"),
    ({"apnoea_s": 15}, "ALM-RR", None),
    ({"apnoea_s": 16}, "ALM-RR", "A3"),
    ({"moaas": 4}, "ALM-SED", None),
    ({"moaas": 3}, "ALM-SED", "A1"),
    ({"moaas": 2}, "ALM-SED", "A2"),
    ({"moaas": 1}, "ALM-SED", "A3"),
    ({"moaas": 0}, "ALM-SED", "A3"),
    ({"anxiety_nrs": 7}, "ALM-ANX", None),
    ({"anxiety_nrs": 8}, "ALM-ANX", "A2"),
    ({"nausea_nrs": 3}, "ALM-N", None),
    ({"nausea_nrs": 4}, "ALM-N", "A1"),
    ({"new_suicidality": False}, "ALM-SI", None),
    ({"new_suicidality": True}, "ALM-SI", "A2"),
]


@pytest.mark.parametrize(("values", "rule", "tier"), ONE_READING)
def test_the_first_reading_by_hand_counts(values, rule, tier):
    assert tiers(read(0, **values)).get(rule) == tier


SYMPTOMS = [
    ("chest_pain", "ALM-CP", "A3"),
    ("dyspnoea", "ALM-CP", "A3"),
    ("severe_headache", "ALM-CP", "A3"),
    ("visual_loss", "ALM-CP", "A3"),
    ("focal_deficit", "ALM-CP", "A3"),
    ("symptomatic_bradycardia", "ALM-HRL", "A2"),
    ("panic", "ALM-DIS", "A2"),
    ("unsafe_movement", "ALM-DIS", "A2"),
    ("vomiting", "ALM-N", "A2"),
    ("seizure", "ALM-SZ", "A3"),
    ("myoclonus", "ALM-SZ", "A3"),
    ("new_suicidal_ideation", "ALM-SI", "A2"),
]


@pytest.mark.parametrize(("name", "rule", "tier"), SYMPTOMS)
def test_a_symptom_alone_calls_at_any_pressure(name, rule, tier):
    assert tiers(felt(0, name)) == {rule: tier}


@pytest.mark.parametrize(
    ("line", "rule", "tier"),
    [
        # BP2: two readings in a row; systolic of one and diastolic of the other count together
        ([read(0, sbp=180)], "ALM-BP2", None),
        ([read(0, sbp=180), read(300, sbp=180)], "ALM-BP2", "A2"),
        ([read(0, sbp=180), read(300, sbp=179)], "ALM-BP2", None),
        ([read(0, sbp=179), read(300, sbp=180)], "ALM-BP2", None),
        ([read(0, dbp=110), read(300, dbp=110)], "ALM-BP2", "A2"),
        ([read(0, dbp=109), read(300, dbp=110)], "ALM-BP2", None),
        ([read(0, sbp=182, dbp=90), read(300, sbp=150, dbp=112)], "ALM-BP2", "A2"),
        ([read(0, sbp=180), read(0.1, hr=80), read(300, sbp=180)], "ALM-BP2", "A2"),
        # BP2: a rise of 40 or 25 that lasts longer than 15 min
        ([read(0, sbp=160), read(900, sbp=160)], "ALM-BP2", None),
        ([read(0, sbp=160), read(901, sbp=160)], "ALM-BP2", "A2"),
        ([read(0, sbp=159), read(901, sbp=160)], "ALM-BP2", None),
        ([read(0, dbp=105), read(901, dbp=105)], "ALM-BP2", "A2"),
        ([read(0, dbp=104), read(901, dbp=105)], "ALM-BP2", None),
        ([read(0, sbp=160), read(500, sbp=130), read(901, sbp=160)], "ALM-BP2", None),
        # HR1: two readings 5 min apart
        ([read(0, hr=121)], "ALM-HR1", None),
        ([read(0, hr=121), read(299, hr=121)], "ALM-HR1", None),
        ([read(0, hr=121), read(300, hr=121)], "ALM-HR1", "A2"),
        ([read(0, hr=120), read(300, hr=121)], "ALM-HR1", None),
        # BP3: the pressure and the symptom, in either order
        ([read(0, sbp=180), felt(60, "unexpected_confusion")], "ALM-BP3", "A3"),
        ([felt(0, "unexpected_confusion"), read(60, sbp=180)], "ALM-BP3", "A3"),
        ([felt(0, "unexpected_confusion"), read(60, sbp=179)], "ALM-BP3", None),
        ([felt(0, "unexpected_confusion"), read(60, dbp=120)], "ALM-BP3", "A3"),
        ([felt(0, "unexpected_confusion"), read(60, dbp=119)], "ALM-BP3", None),
        ([felt(0, "panic"), read(60, sbp=180)], "ALM-BP3", None),
        # oxygen given, still low and still falling
        ([read(0, spo2=93), read(60, spo2=92, spo2_o2=True)], "ALM-O1", "A3"),
        ([read(0, spo2=93), read(60, spo2=92, spo2_o2=False)], "ALM-O1", "A1"),
        ([read(0, spo2=92), read(60, spo2=93, spo2_o2=True)], "ALM-O1", "A1"),
        ([read(0, spo2=99), read(60, spo2=94, spo2_o2=True)], "ALM-O1", None),
        ([read(60, spo2=93, spo2_o2=True)], "ALM-O1", "A1"),
        # distress makes a strong dissociation an alarm
        ([read(0, dissoc_nrs=7)], "ALM-DIS", None),
        ([read(0, dissoc_nrs=7), felt(1, "distress")], "ALM-DIS", "A1"),
        ([read(0, dissoc_nrs=6), felt(1, "distress")], "ALM-DIS", None),
    ],
)
def test_a_count_a_duration_or_two_facts(line, rule, tier):
    assert tiers(*line).get(rule) == tier
    assert tiers(*reversed(line)).get(rule) == tier


@pytest.mark.hazard(8)
@pytest.mark.parametrize(
    ("key", "value", "held_s", "rule", "tier"),
    [
        ("spo2", 93, 29, "ALM-O1", None),
        ("spo2", 93, 30, "ALM-O1", "A1"),
        ("spo2", 91, 30, "ALM-O1", "A2"),
        ("spo2", 89, 9, "ALM-O1", None),
        ("spo2", 89, 10, "ALM-O1", "A3"),
        ("spo2", 84, 0, "ALM-O1", "A3"),
        ("spo2", 85, 0, "ALM-O1", None),
        ("hr", 121, 299, "ALM-HR1", None),
        ("hr", 121, 300, "ALM-HR1", "A2"),
        ("hr", 151, 9, "ALM-HR1", None),
        ("hr", 151, 10, "ALM-HR1", "A3"),
        ("hr", 44, 0, "ALM-HRL", "A2"),
        ("rr", 7, 0, "ALM-RR", "A3"),
    ],
)
def test_a_streamed_value_must_hold_so_that_an_artefact_does_not_call(
    key, value, held_s, rule, tier
):
    samples = [read(second, streamed=True, **{key: value}) for second in range(held_s + 1)]
    assert tiers(*samples).get(rule) == tier


def test_a_lost_signal_holds_the_timer_and_does_not_reset_it():
    before = [read(second, streamed=True, spo2=93) for second in range(16)]
    after = [read(100 + second, streamed=True, spo2=93) for second in range(16)]
    assert "ALM-O1" not in tiers(*before, *after[:-1])
    assert tiers(*before, *after) == {"ALM-O1": "A1"}
    calm = read(50, streamed=True, spo2=97)
    assert "ALM-O1" not in tiers(*before, calm, *after)


def test_a_pressure_of_a_device_counts_like_one_by_hand():
    assert tiers(read(0, streamed=True, sbp=200))["ALM-BP2"] == "A2"


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
            assert trigger.when or trigger.symptoms
        assert row.latching or row.tier != "A3"


def test_a_row_with_an_unknown_operation_is_refused():
    row = Fields.read("", {"parameter": "moaas_score", "op": "=>", "value": 1})
    with pytest.raises(UnknownContent, match="=>"):
        condition_from(row)
