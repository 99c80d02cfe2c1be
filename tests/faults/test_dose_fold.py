"""A cumulative dose that is wrong because an event came late, twice, out of order or corrected."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapstone.monitoring.events import Event, Kind
from kapstone.monitoring.schedules import Schedule, schedule_for
from kapstone.monitoring.session import SessionState, fold

STEP_S = 10  # what happens, happens on a full ten seconds: then an oracle can count them
LAST = 6 * 90  # an hour and a half
NIGHTS = (
    datetime(2026, 1, 15, 4, 20, tzinfo=UTC),  # 23:20 in New York: over midnight
    datetime(2026, 3, 8, 6, 20, tzinfo=UTC),  # 1:20 in New York, the clocks go forward at 2
    datetime(2026, 11, 1, 5, 20, tzinfo=UTC),  # 1:20 in New York, the clocks go back at 2
    datetime(2026, 10, 25, 0, 20, tzinfo=UTC),  # 2:20 in Berlin, the clocks go back at 3
)
ZONES = tuple(map(ZoneInfo, ("UTC", "America/New_York", "Europe/Berlin", "Pacific/Apia")))


@dataclass(frozen=True)
class Act:
    """One thing that truly happened, so many steps after the beginning."""

    step: int
    kind: str
    told: dict[str, Decimal]


@dataclass(frozen=True)
class History:
    """What truly happened, by what route, in which night, and the seed of how it was charted."""

    schedule: Schedule
    acts: tuple[Act, ...]
    night: datetime
    seed: int


RATES = st.none() | st.sampled_from(["0", "12.5", "30", "60", "99.99", "33.33"]).map(Decimal)
STRENGTHS = st.none() | st.sampled_from(["0.5", "1", "2", "10", "0.333"]).map(Decimal)
AMOUNTS = st.decimals("0.01", "150", places=2)
MOMENTS = st.lists(st.integers(0, LAST), min_size=1, max_size=14, unique=True).map(sorted)
PUMP = st.tuples(st.integers(0, 5), RATES, STRENGTHS, AMOUNTS)


def _kept(**told: Decimal | None) -> dict[str, Decimal]:
    return {key: value for key, value in told.items() if value is not None}


def _pumped(step: int, runs: bool, drawn: tuple[int, Decimal | None, Decimal | None, Decimal]):
    which, rate, strength, mg = drawn
    if not runs:
        return Act(step, "dose_start", _kept(rate_ml_per_h=rate, mg_per_ml=strength))
    if which < 2:
        return Act(step, "dose_rate", _kept(rate_ml_per_h=rate or Decimal(45), mg_per_ml=strength))
    if which == 5:
        return Act(step, "dose_stop", {"dose_mg": mg})
    return Act(step, "dose_pause" if which < 4 else "dose_resume", {})


@st.composite
def infusions(draw):
    """Starts, rates, pauses and stops in an order that can be."""
    acts, runs = [], False
    for step in draw(MOMENTS):
        act = _pumped(step, runs, draw(PUMP))
        runs = act.kind != "dose_stop"
        acts.append(act)
    return tuple(acts)


def _parts(kind: str) -> st.SearchStrategy[tuple[Act, ...]]:
    def made(steps: list[int], amounts: list[Decimal]) -> tuple[Act, ...]:
        return tuple(
            Act(step, kind, {"dose_mg": mg}) for step, mg in zip(steps, amounts, strict=False)
        )

    return st.builds(made, MOMENTS, st.lists(AMOUNTS, min_size=14, max_size=14))


@st.composite
def histories(draw):
    product, route, acts = draw(
        st.sampled_from(
            [
                ("RACEMIC", "IV", infusions()),
                ("RACEMIC", "IV", infusions()),
                ("RACEMIC", "IM", _parts("dose_start")),
                ("ESKETAMINE", "IN", _parts("device")),
            ]
        )
    )
    return History(
        schedule_for(product, route),
        draw(acts),
        draw(st.sampled_from(NIGHTS)),
        draw(st.integers(0, 2**32)),
    )


# --- how it was charted: wrongly first, late, with lines that were withdrawn again ---------------


def charted(history: History, rng: random.Random) -> list[Event]:
    """The line of a history: its events numbered as they came."""
    chains = [_chain(act, rng) for act in history.acts]
    chains += [_withdrawn(history, rng) for _ in range(rng.randrange(3))]
    waiting = [chain for chain in chains for _ in chain]
    rng.shuffle(waiting)  # a later part may be told before an earlier one
    line: list[Event] = []
    numbers: dict[int, int] = {}
    for chain in waiting:
        act = chain.pop(0)
        before = numbers.get(id(chain))
        line.append(_event(history, act, len(line) + 1, before, rng))
        numbers[id(chain)] = len(line)
    return line


def _chain(act: Act, rng: random.Random) -> list[Act]:
    """Up to two slips, and then what is true."""
    slips = [
        Act(max(0, act.step - rng.randrange(9)), act.kind, dict.fromkeys(act.told, Decimal(7)))
        for _ in range(rng.choice([0, 0, 1, 2]))
    ]
    return [*slips, act]


def _withdrawn(history: History, rng: random.Random) -> list[Act]:
    ghost = rng.choice(history.acts)
    return [Act(rng.randrange(LAST), ghost.kind, ghost.told), Act(ghost.step, "withdrawn", {})]


def _event(
    history: History, act: Act, number: int, replaces: int | None, rng: random.Random
) -> Event:
    moment = history.night + timedelta(seconds=act.step * STEP_S)
    seen = moment.astimezone(rng.choice(ZONES))  # consoles stand in more than one zone
    told = {key: value for key, value in act.told.items() if value is not None}
    return Event(number, Kind(act.kind), seen, replaces=replaces, **told)  # type: ignore[arg-type]


def arrived(line: list[Event], rng: random.Random) -> list[Event]:
    """The same events in another order, some of them twice."""
    told = line + rng.choices(line, k=3)
    rng.shuffle(told)
    return told


# --- the oracle: counts every ten seconds of what happened, in fractions -------------------------


def _pump_at(acts: tuple[Act, ...], step: int) -> tuple[Fraction | None, Fraction | None]:
    """Rate and strength in a step: of each the last that was told since the stop; 0 while still."""
    rate = strength = None
    still = True
    for act in acts:
        if act.step > step:
            break
        if act.kind == "dose_stop":
            rate, strength, still = None, None, True
        elif act.kind in ("dose_start", "dose_resume"):
            still = False
        elif act.kind == "dose_pause":
            still = True
        rate = Fraction(act.told["rate_ml_per_h"]) if "rate_ml_per_h" in act.told else rate
        strength = Fraction(act.told["mg_per_ml"]) if "mg_per_ml" in act.told else strength
    return (Fraction(0), Fraction(0)) if still else (rate, strength)


def pumped_mg(acts: tuple[Act, ...], first: int, end: int) -> Fraction | None:
    """What went in between two steps; None where nobody charted how."""
    total = Fraction(0)
    for step in range(first, end):
        rate, strength = _pump_at(acts, step)
        if rate == 0:
            continue
        if rate is None or strength is None:
            return None
        total += rate * strength * Fraction(STEP_S, 3600)
    return total


def charted_mg(acts: tuple[Act, ...]) -> Fraction:
    """Every amount that stands on a part, added up."""
    return sum(
        (Fraction(act.told["dose_mg"]) for act in acts if "dose_mg" in act.told), Fraction(0)
    )


def _agrees(history: History, state: SessionState) -> None:
    assert state.dose_given_mg is not None
    assert Fraction(state.dose_given_mg) == charted_mg(history.acts)
    starts = [act.step for act in history.acts if act.kind == "dose_start"]
    stops = [act.step for act in history.acts if act.kind == "dose_stop"]
    if history.schedule.route != "IV":
        assert state.infusion.runs == ()
        return
    ends = [*stops, LAST][: len(starts)]
    assert len(state.infusion.runs) == len(starts)
    for run, first, end in zip(state.infusion.runs, starts, ends, strict=True):
        expected = pumped_mg(history.acts, first, end)
        assert run.start == history.night + timedelta(seconds=first * STEP_S)
        if expected is None or run.computed_mg is None:
            assert expected is run.computed_mg is None
        else:
            assert abs(Fraction(run.computed_mg) - expected) <= Fraction(1, 200)


def _minimum_time(history: History, state: SessionState) -> None:
    """Elapsed minutes since the last part: midnight and a change of the clocks are none."""
    last = max(act.step for act in history.acts if act.kind.startswith(("dose_st", "device")))
    time = next(row for row in state.readiness.rows if row.id == "DIS-01")
    if state.dose is not None and state.dose.end is not None:
        since = Decimal((LAST - last) * STEP_S) / 60
        assert time.because["since_last_part_min"] == since.quantize(Decimal("0.1"))


def _one_history(history: History) -> None:
    rng = random.Random(history.seed)
    now = history.night + timedelta(seconds=LAST * STEP_S)
    line = charted(history, rng)
    state = fold(history.schedule, line, now)
    assert fold(history.schedule, arrived(line, rng), now) == state
    # The same day, told in another order and with other slips, by consoles of other zones.
    other = fold(history.schedule, arrived(charted(history, rng), rng), now)
    assert other == state
    _agrees(history, state)
    _minimum_time(history, state)


@pytest.mark.fault
@pytest.mark.hazard(5)
@pytest.mark.hazard(16)
@pytest.mark.counts(small=1_000, middle=10_000, full=100_000)
def test_however_a_dose_was_charted_one_state_and_one_sum(
    fault_count: int, record_property: Callable[[str, object], None]
) -> None:
    tried = 0

    @settings(
        max_examples=fault_count,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(histories())
    def holds(history: History) -> None:
        nonlocal tried
        tried += 1
        _one_history(history)

    holds()
    assert tried >= fault_count
    record_property("shown", f"{tried:,} histories, each charted twice and folded three times.")
