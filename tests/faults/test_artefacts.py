"""Alarms that call for nothing teach people not to look; one that misses an event costs a life.

Streams of one sample a second with artefacts at published rates, their sizes drawn evenly over all
that is possible (`kapstone.synth.traces`). An event is what a row itself says: every sample beyond
its limit for as long as it asks. Artefacts fall into an event as into any other time, and the
person is called for all the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from kapstone.monitoring.alarms import Tier, alarm_rows
from kapstone.monitoring.judging import evaluate
from kapstone.monitoring.runs import Watch
from kapstone.monitoring.vitals import Reading
from kapstone.synth.traces import CUFF, HEART_RATE, SPO2, Sample, Spell, cuffs, stream

pytestmark = pytest.mark.fault
SEED = 20261123
T0 = datetime(2026, 3, 1, 15, tzinfo=UTC)
HOUR_S = 3600
AT_MOST = 0.10  # of artefacts that may call A2 or above. Source: reliability goal G10
STREAMS = ((SPO2, False), (SPO2, True), (HEART_RATE, False))  # and whether on added oxygen
BASE = {"systolic_mmhg": Decimal(120), "diastolic_mmhg": Decimal(76)}
# name, values of the spell, seconds from its first sample to its last. Each is of a row of A2 or A3
# in docs/generated/monitoring.md; below 92 and above 120 they themselves ask for longer than 10 s.
AT_ONCE = {SPO2: 85, HEART_RATE: 45}  # below it the draft lets one sample call; ours asks a second
EVENTS = (
    ("SpO2 below 90, 10 s or more", SPO2, (50, 89), (10, 60)),
    ("pulse above 150, 10 s or more", HEART_RATE, (151, 220), (10, 60)),
    ("pulse below 45, 10 s or more", HEART_RATE, (20, 44), (10, 60)),
    ("SpO2 90 to 91, 30 s or more", SPO2, (90, 91), (30, 90)),
    ("pulse 121 to 150, 300 s or more", HEART_RATE, (121, 150), (300, 400)),
)


def readings(name: str, samples: Iterable[Sample], *, on_oxygen: bool = False) -> list[Reading]:
    beside = {"on_oxygen": True} if on_oxygen else {}
    return [
        Reading(
            one.at_s + 1,
            T0 + timedelta(seconds=one.at_s),
            {name: Decimal(one.value)} | beside,
            streamed=True,
        )
        for one in samples
    ]


def began(line: Sequence[Reading]) -> dict[int, set[str]]:
    """The seconds at which a row of A2 or above began to call, and which rows did."""
    found: dict[int, set[str]] = {}
    for row in alarm_rows():
        for trigger in row.triggers if row.tier >= Tier.A2 else ():
            names = {one.parameter for one in trigger.when}
            if trigger.symptoms or names.isdisjoint(line[0].values):
                continue
            before, watch = False, Watch(trigger, BASE)
            for reading in line:
                watch.take([reading], ())
                if watch.holds and not before:
                    second = int((reading.observed_at - T0).total_seconds())
                    found.setdefault(second, set()).add(f"{row.rule} {row.tier}")
                before = watch.holds
    return found


def tiers_at(line: Sequence[Reading], second: int) -> set[Tier]:
    return {one.tier for one in evaluate(line, BASE, (), T0 + timedelta(seconds=second))}


@pytest.mark.hazard(8)
@pytest.mark.counts(small=6, middle=40, full=200)
@pytest.mark.parametrize(("name", "on_oxygen"), STREAMS)
def test_an_artefact_of_one_sample_hardly_ever_calls(
    name: str, on_oxygen: bool, fault_count: int, record_property: Callable[[str, object], None]
) -> None:
    artefacts = called = lone = at_once = 0
    for hour in range(fault_count):
        samples = stream(f"{SEED}:{hour}", name, HOUR_S)
        is_artefact = {one.at_s for one in samples if one.artefact}
        line = readings(name, samples, on_oxygen=on_oxygen)
        starts = began(line)
        assert starts.keys() <= is_artefact  # a calm person calls nobody
        for second in starts:  # what the row says is what the session would raise
            assert max(tiers_at(line[: second + 1], second)) >= Tier.A2
        artefacts += len(is_artefact)
        lone += sum({s - 1, s + 1}.isdisjoint(is_artefact) for s in is_artefact)
        called += len(starts)
        at_once += sum(one.artefact and one.value < AT_ONCE[name] for one in samples)
    assert artefacts
    share = called / artefacts
    record_property(
        "shown",
        f"{name}{' on oxygen' if on_oxygen else ''}: {fault_count} h at 1 a second, {artefacts} "
        f"artefacts, {lone} of them of one sample alone: {called} called A2 or above, {share:.2%}; "
        f"with no second sample asked, {at_once} below the lowest limit.",
    )
    assert share <= AT_MOST


def _spells(
    name: str, values: tuple[int, int], lasts_s: tuple[int, int], count: int
) -> list[Spell]:
    rng = Random(f"{SEED}:{name}:{values}")
    shortest = [Spell(60, 60 + lasts_s[0], value) for value in values]
    drawn = (
        (rng.randint(30, 120), rng.randint(*lasts_s), rng.randint(*values)) for _ in range(count)
    )
    return shortest + [Spell(begins, begins + lasts, value) for begins, lasts, value in drawn]


@pytest.mark.hazard(7)
@pytest.mark.counts(small=40, middle=400, full=2000)
@pytest.mark.parametrize(("told", "name", "values", "lasts_s"), EVENTS)
def test_every_event_that_lasts_calls(
    told: str,
    name: str,
    values: tuple[int, int],
    lasts_s: tuple[int, int],
    fault_count: int,
    record_property: Callable[[str, object], None],
) -> None:
    heard: Mapping[bool, list[int | None]] = {True: [], False: []}  # seconds after it began
    for number, spell in enumerate(_spells(name, values, lasts_s, fault_count)):
        for artefacts, results in heard.items():
            samples = stream(
                f"{SEED}:e{number}", name, spell.ends_s + 60, spell, artefacts=artefacts
            )
            starts = began(readings(name, samples))
            called = [s - spell.begins_s for s in starts if spell.begins_s <= s <= spell.ends_s]
            results.append(min(called, default=None))
    counted, latest = {}, {}
    for artefacts, results in heard.items():
        after_s = [one for one in results if one is not None]
        counted[artefacts], latest[artefacts] = len(after_s), max(after_s, default=None)
    record_property(
        "shown",
        f"{told}: {counted[False]} of {len(heard[False])} called, {latest[False]} s after they "
        f"began at the latest; with artefacts strewn into them {counted[True]} of "
        f"{len(heard[True])}, at the latest {latest[True]} s.",
    )
    assert None not in heard[False]
    assert None not in heard[True]


@pytest.mark.hazard(7)
@pytest.mark.counts(small=400, middle=4000, full=20000)
def test_one_cuff_reading_of_200_or_120_always_calls(
    fault_count: int, record_property: Callable[[str, object], None]
) -> None:
    wrong = wrong_and_high = high = 0
    for streamed in (True, False):
        for place, one in enumerate(cuffs(f"{SEED}", 128, 76, fault_count)):
            values = dict(
                zip(CUFF, (Decimal(one.systolic_mmhg), Decimal(one.diastolic_mmhg)), strict=True)
            )
            found = evaluate([Reading(1, T0, values, streamed)], BASE, (), T0)
            is_high = one.systolic_mmhg >= 200 or one.diastolic_mmhg >= 120
            assert is_high is any(a.rule == "ALM-BP2" for a in found), place
            wrong, high = wrong + one.artefact, high + is_high
            wrong_and_high += one.artefact and is_high
    for systolic, diastolic in ((200, 76), (199, 120), (201, 121), (300, 199)):
        values = {CUFF[0]: Decimal(systolic), CUFF[1]: Decimal(diastolic)}
        tiers = {a.tier for a in evaluate([Reading(1, T0, values, True)], BASE, (), T0)}
        assert Tier.A2 in tiers
    record_property(
        "shown",
        f"cuff: {2 * fault_count} readings, {wrong} artefacts; {high} at 200 or 120 and above: all "
        f"called; {wrong_and_high} of them were artefacts, which one reading alone cannot tell.",
    )
