"""A number that cannot be, or is not of now, must never pass for a vital sign."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kapstone.errors import InvalidInput
from kapstone.monitoring.fields import Fields, table
from kapstone.monitoring.vitals import Reading, Symptom, age, baseline, parameters

T0 = datetime(2026, 3, 1, 15, tzinfo=UTC)
NUMBERS = [one for one in parameters().values() if one.low is not None]


def read(minute, seated=True, number=1, **values):
    named = {name: Decimal(str(value)) for name, value in values.items()}
    return Reading(number, T0 + timedelta(minutes=minute), named | {"seated": seated})


@pytest.mark.parametrize("one", NUMBERS, ids=lambda one: one.name)
def test_an_impossible_value_is_refused_with_its_name_and_range_never_clamped(one):
    step = Decimal(1) if one.whole else Decimal("0.1")
    for good in (one.low, one.high):
        assert Reading(1, T0, {one.name: good}).number_of(one.name) == good
    for bad in (one.low - step, one.high + step):
        with pytest.raises(InvalidInput, match=f"^{one.name}: .*Give {one.low} to {one.high}"):
            Reading(1, T0, {one.name: bad})


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("moaas_score", Decimal("4.5"), "whole"),
        ("systolic_mmhg", True, "not possible"),
        ("seated", Decimal(1), "neither true nor false"),
        ("bp", Decimal(120), "not a parameter"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(name, value, says):
    with pytest.raises(InvalidInput, match=says):
        Reading(1, T0, {name: value})


@pytest.mark.parametrize("diastolic", [120, 121])
def test_a_diastolic_not_below_the_systolic_is_refused(diastolic):
    with pytest.raises(InvalidInput, match="diastolic_mmhg"):
        read(0, systolic_mmhg=120, diastolic_mmhg=diastolic)
    assert read(0, systolic_mmhg=120, diastolic_mmhg=119)


@pytest.mark.hazard(16)
@pytest.mark.parametrize("kind", [Reading, Symptom])
def test_a_moment_without_a_zone_is_refused(kind):
    naive = datetime(2026, 3, 1, 15)  # noqa: DTZ001 - the fault under test
    with pytest.raises(InvalidInput, match="no time zone"):
        kind(1, naive, {} if kind is Reading else "panic")


@pytest.mark.hazard(6)
def test_a_reading_tells_its_age():
    assert age(read(0, spo2_percent=97), T0 + timedelta(seconds=61)) == timedelta(seconds=61)


BASELINES = [
    ([], None),
    ([read(-10, systolic_mmhg=120)], None),
    ([read(-10, systolic_mmhg=120), read(-5.1, systolic_mmhg=130)], None),
    ([read(-10, systolic_mmhg=120), read(-5, systolic_mmhg=131)], Decimal("125.5")),
    ([read(-10, systolic_mmhg=120), read(0, systolic_mmhg=130)], Decimal(125)),
    ([read(-10, systolic_mmhg=120), read(0.1, systolic_mmhg=130)], None),  # after the start
    ([read(-10, systolic_mmhg=120), read(-5, seated=False, systolic_mmhg=130)], None),
    (
        [read(-n, systolic_mmhg=s) for n, s in ((30, 200), (12, 120), (4, 150), (1, 130))],
        Decimal(125),  # 1 and 12 min before: the reading 3 min earlier is too close
    ),
]


@pytest.mark.parametrize(("readings", "mean"), BASELINES)
def test_the_baseline_is_the_mean_of_the_last_two_seated_readings(readings, mean):
    assert baseline(readings, T0).get("systolic_mmhg") == mean
    assert baseline(readings[::-1], T0).get("systolic_mmhg") == mean


def test_before_the_dose_the_baseline_is_of_what_there_is():
    two = [read(0, spo2_percent=96), read(6, spo2_percent=98)]
    assert baseline(two, None) == {"spo2_percent": Decimal(97)}


@pytest.mark.parametrize("name", ["alarms", "schedules", "discharge", "parameters"])
def test_the_tables_are_one_version_and_nobody_has_reviewed_them(name):
    assert table(name).text("version") == table("alarms").text("version")
    assert table(name).data["reviewed_by"] is None


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Fields.read("", []), "the input: is not a JSON object"),
        (lambda: Fields.read("a", {"b": 1}).only(["c"]), "a.b: is not a known key. Known here: c"),
        (lambda: Fields.read("a", {"b": "1"}).number("b"), "a.b: is not a number"),
        (lambda: Fields.read("a", {"b": True}).number("b"), "a.b: is not a number"),
        (lambda: Fields.read("a", {"b": float("inf")}).number("b"), "a.b: is too large"),
        (lambda: Fields.read("", {"b": 1.5}).whole("b"), "b: is 1.5, not a whole number"),
        (lambda: Fields.read("", {"b": ""}).text("b"), "b: is not a text"),
        (lambda: Fields.read("", {"b": "x"}).choice("b", ["y"]), "b: is 'x'. Give one of: y"),
        (lambda: Fields.read("", {"b": 1}).flag("b"), "b: is neither true nor false"),
        (lambda: Fields.read("", {"b": 1}).items("b"), "b: is not a list"),
        (lambda: Fields.read("", {"b": [1]}).words("b"), "b: is not a list of texts"),
        (lambda: Fields.read("", {"b": [{}, 1]}).children("b"), r"b\[1\]: is not a JSON object"),
    ],
)
def test_a_wrong_key_is_named_with_its_path(call, says):
    with pytest.raises(InvalidInput, match=says):
        call()
