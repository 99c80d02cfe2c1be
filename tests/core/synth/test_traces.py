"""A trace made to suit the alarms would prove them good whatever they do."""

from decimal import Decimal
from statistics import mean

import pytest

from kapstone.monitoring.vitals import parameters
from kapstone.synth.evidence import assumed
from kapstone.synth.traces import CUFF, HEART_RATE, SPO2, Spell, cuffs, stream

LONG_S = 40_000
RATES = [(SPO2, 1.3), (HEART_RATE, 0.5)]


def test_equal_seeds_give_equal_traces_and_others_do_not() -> None:
    assert stream("a", SPO2, 600) == stream("a", SPO2, 600)
    assert stream("a", SPO2, 600) != stream("b", SPO2, 600)
    assert list(cuffs("a", 120, 70, 50)) == list(cuffs("a", 120, 70, 50))


@pytest.mark.parametrize(("name", "rate_percent"), RATES)
def test_artefacts_come_as_often_as_was_published_and_in_any_size(
    name: str, rate_percent: float
) -> None:
    found = [one for one in stream("rate", name, LONG_S) if one.artefact]
    assert len(found) / LONG_S * 100 == pytest.approx(rate_percent, rel=0.15)
    known = parameters()[name]
    assert known.low is not None and known.high is not None
    assert all(known.low <= one.value <= known.high for one in found)
    middle, width = (known.low + known.high) / 2, known.high - known.low
    assert mean(one.value for one in found) == pytest.approx(float(middle), abs=float(width) / 10)
    for quarter in range(4):  # each quarter of what is possible has its share
        low = known.low + width * quarter / 4
        share = sum(low <= one.value <= low + width / 4 for one in found) / len(found)
        assert 0.15 < share < 0.35


@pytest.mark.parametrize("name", [SPO2, HEART_RATE])
def test_without_artefacts_a_calm_stream_stays_where_no_alarm_is(name: str) -> None:
    values = [one.value for one in stream("calm", name, 4000, artefacts=False)]
    low, high = {SPO2: (95, 99), HEART_RATE: (69, 87)}[name]
    assert low <= min(values) < max(values) <= high


def test_a_spell_stands_from_its_first_second_to_its_last_and_changes_nothing_else() -> None:
    spell = Spell(100, 110, 88)
    calm, low = (stream("s", SPO2, 300, one, artefacts=False) for one in (None, spell))
    assert [one.at_s for one in low if one.value == 88] == list(range(100, 111))
    assert calm[:100] == low[:100] and calm[111:] == low[111:]
    marked = [one.at_s for one in stream("s", SPO2, 300, spell) if one.artefact]
    assert marked == [one.at_s for one in stream("s", SPO2, 300) if one.artefact]


def test_a_cuff_is_wrong_as_often_as_was_published_and_never_impossible() -> None:
    read = list(cuffs("cuff", 128, 76, 20_000))
    wrong = [one for one in read if one.artefact]
    assert len(wrong) / len(read) * 100 == pytest.approx(5.0, rel=0.1)
    for one in wrong:
        assert one.systolic_mmhg > one.diastolic_mmhg
        for name, value in zip(CUFF, (one.systolic_mmhg, one.diastolic_mmhg), strict=True):
            parameters()[name].check(name, Decimal(value))
    assert {(one.systolic_mmhg, one.diastolic_mmhg) for one in read if not one.artefact} == {
        (128, 76)
    }


def test_the_rates_are_those_of_the_studies() -> None:
    given = assumed("traces")
    rates = ("artefacts_spo2_percent", "artefacts_heart_rate_percent", "artefacts_cuff_percent")
    assert [given[name] for name in rates] == [1.3, 0.5, 5.0]
