"""The spec tables of monitoring through `kapstone follow`, told by the clock on the wall: a second
before, at and after each limit, on the nights on which clocks change, and over midnight.
"""

import pytest

from kapstone.monitoring.schedules import CHANNELS
from kapstone.monitoring.vitals import parameters
from tests.told import NIGHTS, Told, table, value_of

LAST_S = 100_000
# Fit to go: each at its limit, after a dose by vein of 40 min, at 115 min.
FIT = {"aldrete": 9, "padss": 9, "moaas": 5, "oriented_x4": True, "dissoc_nrs": 1}
FIT |= {"spo2": 96, "rr": 14, "spo2_o2": False, "steady": True, "nausea_nrs": 3, "pain_nrs": 3}
FIT |= {"new_suicidality": False, "mania": False, "present": True, "given": True}
LEAVES_S = 115 * 60
nights = pytest.mark.parametrize("starts", NIGHTS.values(), ids=NIGHTS.keys())
pytestmark = pytest.mark.hazard(16)


def tiers(found):
    return {".".join(filter(None, (a["rule"], a["band"]))): a["tier"] for a in found["alarms"]}


@pytest.mark.parametrize(
    "case", table("alarm_cases.csv"), ids=lambda case: f"{case['rule']} {case['charted']}"
)
def test_each_alarm_just_below_at_and_just_above_on_each_night(case):
    for starts in NIGHTS.values():
        found = tiers(Told(starts).case(case["charted"]).replay(LAST_S))
        assert found.get(case["rule"], "-") == case["tier"], starts


@pytest.mark.parametrize("row", table("age_limits.csv"), ids=lambda row: " ".join(row.values()))
def test_a_value_calls_one_second_after_it_blanks_on_each_night(row):
    keys = [one.key for one in parameters().values() if one.name in CHANNELS[row["channel"]]]
    values = {key: 70 if key == "dbp" else 120 if key == "sbp" else 5 for key in keys}
    read_s, old_s = int(row["read_min"]) * 60, int(row["lasts_min"]) * 60
    for starts in NIGHTS.values():
        told = Told(starts, row["product"], row["route"])
        told.give(0)
        told.chart(read_s, values)
        name = f"ALM-OLD.{row['channel']}"
        seen = [name in tiers(told.replay(read_s + old_s + more_s)) for more_s in (-1, 0, 1)]
        assert seen == [False, False, True], starts


@nights
@pytest.mark.parametrize(
    ("key", "channel"), [("hr", "bp_hr"), ("spo2", "spo2"), ("rr", "rr_moaas")]
)
def test_a_device_calls_one_second_after_it_is_silent_for_ten(starts, key, channel):
    told = Told(starts)
    told.give(0)
    told.chart(60, {key: 97 if key == "spo2" else 14}, streamed=True)
    found = [f"ALM-LOST.{channel}" in tiers(told.replay(60 + more_s)) for more_s in (9, 10, 11)]
    assert found == [False, False, True]


PLANS = {
    (row["product"], row["route"], row["ran_min"], row["until_min"])
    for row in table("schedule_moments.csv")
}


@nights
@pytest.mark.parametrize("plan", sorted(PLANS), ids=" ".join)
def test_each_reading_is_missed_one_second_after_its_five_minutes(starts, plan):
    product, route, ran, until = plan
    told = Told(starts, product, route)
    told.give(int(ran) * 60)
    wanted = {
        (row["channel"], int(minute))
        for row in table("schedule_moments.csv")
        if (row["product"], row["route"]) == (product, route)
        for minute in row["moments_min"].split()
    }

    def missed(at_s):
        found = told.replay(at_s)
        at_min = {(one["reading"], one["at_min"]) for one in found["due"]}
        late = {(one["reading"], one["at_min"]) for one in found["missed"]}
        assert not at_min & late
        return late

    for minute in {minute for _, minute in wanted}:
        late_s = (minute + 5) * 60
        by_then = {one for one in wanted if one[1] < minute}
        assert missed(late_s - 1) == missed(late_s) == by_then
        assert missed(late_s + 1) == by_then | {one for one in wanted if one[1] == minute}
    assert missed(int(until) * 60) == wanted


@nights
@pytest.mark.hazard(14)
@pytest.mark.parametrize(
    "row", table("discharge_times.csv"), ids=lambda row: " ".join(row.values())
)
def test_nobody_is_ready_a_second_early(starts, row):
    told = Told(starts, row["product"], row["route"])
    told.give(int(row["ran_min"]) * 60)
    first_s = int(row["first_min"]) * 60
    states = [
        row["id"] in told.replay(first_s + more_s)["discharge"]["unmet"] for more_s in (-1, 0, 1)
    ]
    assert states == [True, False, False]


def leaving(starts, **changed):
    """Somebody fit to go at 115 min, but for what is changed; None: nobody charted it."""
    told = Told(starts, route="IV")
    told.baseline = {"sbp": 150, "dbp": 85, "spo2": 98}
    told.give(40 * 60)
    second = {key: changed.pop(key, value) for key, value in (("sbp", 139), ("dbp", 89))}
    told.chart(LEAVES_S - 600, {"sbp": 139, "dbp": 89})
    told.chart(LEAVES_S - 300, second)
    values = {key: value for key, value in (FIT | changed).items() if value is not None}
    told.chart(LEAVES_S, values)
    return told


@pytest.mark.hazard(14)
@pytest.mark.parametrize(
    "case", table("discharge_cases.csv"), ids=lambda case: f"{case['id']} {case['charted']}"
)
def test_each_criterion_on_both_sides_and_not_charted_on_each_night(case):
    key, _, written = case["charted"].partition("=")
    for starts in NIGHTS.values():
        told = leaving(starts, **{key: value_of(written) if written else None})
        found = told.replay(LEAVES_S)["discharge"]
        expected = {"unmet": [], "unknown": []} | {case["state"]: [case["id"]]}
        assert {name: found[name] for name in ("unmet", "unknown")} == {
            name: expected[name] for name in ("unmet", "unknown")
        }
        assert found["ready"] is (case["state"] == "met")


@nights
@pytest.mark.hazard(14)
def test_half_an_hour_without_vomiting_to_the_second(starts):
    told = leaving(starts)
    told.add(LEAVES_S - 30 * 60, "symptom", symptom="vomiting")
    told.chart(LEAVES_S - 1, FIT)
    seen = ["DIS-08" in told.replay(LEAVES_S + more)["discharge"]["unmet"] for more in (-1, 0, 1)]
    assert seen == [True, False, False]


@nights
@pytest.mark.hazard(14)
def test_the_pressure_near_forty_minutes_of_esketamine_to_the_second(starts):
    def seen(read_s, now_s):
        told = Told(starts, "ESKETAMINE", "IN")
        told.give(0)
        told.chart(read_s, {"sbp": 120, "dbp": 70})
        found = told.replay(now_s)["discharge"]
        return [name for name in ("unmet", "unknown") if "MON-INE" in found[name]]

    opens_s, closes_s, hour_s = 35 * 60, 50 * 60, 3600
    assert [seen(opens_s + more_s, hour_s) for more_s in (-1, 0, 1)] == [["unmet"], [], []]
    assert [seen(closes_s + more_s, hour_s) for more_s in (-1, 0, 1)] == [[], [], ["unmet"]]
    assert [seen(0, closes_s + more_s) for more_s in (-1, 0, 1)] == [
        ["unknown"],
        ["unknown"],
        ["unmet"],
    ]
