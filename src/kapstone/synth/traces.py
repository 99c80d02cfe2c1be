"""Streams of a monitor, one sample a second, with artefacts at the published rates and events.

For asking how often alarms call for nothing, and whether they call for something. Equal seeds give
equal traces. An artefact's size is drawn evenly over all that is possible, so that nothing here
was made to suit the alarms. Rates and sources: assumptions.toml, section traces.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from kapstone.monitoring.vitals import parameters
from kapstone.synth.evidence import assumed

SPO2, HEART_RATE = "spo2_percent", "heart_rate_bpm"
CUFF = ("systolic_mmhg", "diastolic_mmhg")
_RATES = {SPO2: "artefacts_spo2_percent", HEART_RATE: "artefacts_heart_rate_percent"}
_CALM = {SPO2: "calm_spo2", HEART_RATE: "calm_heart_rate"}


@dataclass(frozen=True, slots=True)
class Sample:
    """What the device said, seconds after it began. artefact: it was no sign of the person."""

    at_s: int
    value: int
    artefact: bool


@dataclass(frozen=True, slots=True)
class Cuff:
    """One reading of a cuff."""

    systolic_mmhg: int
    diastolic_mmhg: int
    artefact: bool


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch in which every sample stands at `value`: from one second to another, both in it."""

    begins_s: int
    ends_s: int
    value: int


def stream(
    seed: str, name: str, lasts_s: int, spell: Spell | None = None, *, artefacts: bool = True
) -> list[Sample]:
    """A stream of `lasts_s` samples, calm but for a spell and the artefacts.

    name: spo2_percent or heart_rate_bpm. Artefacts fall wherever they fall, within a spell too.
    """
    rng = Random(f"kapstone:trace:{seed}:{name}")  # noqa: S311  not for secrets: repeatable
    rate = assumed("traces")[_RATES[name]] / 100
    phase = rng.uniform(0, 2 * math.pi)
    found = []
    for second in range(lasts_s):
        value = _calm(name, second, phase, rng)
        if spell and spell.begins_s <= second <= spell.ends_s:
            value = spell.value
        is_artefact = rng.random() < rate
        drawn = _possible(name, rng)
        found.append(
            Sample(second, drawn, artefact=True)
            if is_artefact and artefacts
            else Sample(second, value, artefact=False)
        )
    return found


def cuffs(seed: str, systolic: int, diastolic: int, count: int) -> Iterator[Cuff]:
    """Readings of a cuff on somebody whose pressure does not change."""
    rng = Random(f"kapstone:trace:{seed}:cuff")  # noqa: S311  not for secrets: repeatable
    rate = assumed("traces")["artefacts_cuff_percent"] / 100
    for _ in range(count):
        if rng.random() >= rate:
            yield Cuff(systolic, diastolic, artefact=False)
            continue
        pair = 0, 0
        while pair[0] <= pair[1]:  # no device says a diastolic at or above the systolic
            pair = _possible(CUFF[0], rng), _possible(CUFF[1], rng)
        yield Cuff(*pair, artefact=True)


def _calm(name: str, second: int, phase: float, rng: Random) -> int:
    given, calm = assumed("traces"), _CALM[name]
    middle = given[f"{calm}_percent" if name == SPO2 else f"{calm}_bpm"]
    wave = math.sin(2 * math.pi * second / given["wander_s"] + phase)
    return round(middle + wave * given[f"{calm}_spread"] + rng.uniform(-0.5, 0.5))


def _possible(name: str, rng: Random) -> int:
    one = parameters()[name]
    low, high = one.low or 0, one.high or 0
    return rng.randint(int(low), int(high))
