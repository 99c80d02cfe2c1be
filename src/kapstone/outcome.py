"""Response, remission, reliable change and worsening of one scale.

A missing score is missing: it is never filled in, and every judgement about it is missing too.
Thresholds are the instrument's own (`Instrument.change`), each with its source and mark.

Source: protocol section 9, DEF-01 to DEF-05 and DEF-R1. Not covered: relapse (DEF-07), cohort
rates (DEF-06).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from kapstone.instruments import Instrument
from kapstone.risk import Tier

WORSE_PERCENT = 20  # DEF-05, mark P
WORSE_APART = timedelta(days=3)  # DEF-05, mark P
TIER_STEPS = (Tier.NONE, Tier.LOW, Tier.MODERATE, Tier.HIGH)


class Response(StrEnum):
    """How far the score fell from baseline. Source: DEF-01, DEF-02."""

    FULL = "response"
    PARTIAL = "partial response"
    NONE = "no response"
    MISSING = "missing"


class Shift(StrEnum):
    """Which way a score moved, where it moved far enough to count."""

    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    WORSE = "worse"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Change:
    """One score against its baseline, in points of the scale's total.

    points: current less baseline, below zero is better. reduction_pct: of the baseline, one
    decimal; None at a baseline of 0. remission: score-remission of this one score. reliable:
    beyond the scale's own error. important: beyond the least change that matters to patients.
    """

    baseline_score: int | None
    current_score: int | None
    points: int | None
    reduction_pct: Decimal | None
    response: Response
    remission: bool | None
    reliable: Shift
    important: Shift


def compare(instrument: Instrument, baseline: int | None, current: int | None) -> Change:
    """The change from baseline; None is a missing score."""
    limits = instrument.change
    points = None if baseline is None or current is None else current - baseline
    return Change(
        baseline_score=baseline,
        current_score=current,
        points=points,
        reduction_pct=_reduction_pct(baseline, current),
        response=_response(instrument, baseline, current),
        remission=None if current is None else current <= limits.remission_max.value,
        reliable=_shift(points, limits.reliable.value),
        important=_shift(points, limits.important[0].value),
    )


def _reduction_pct(baseline: int | None, current: int | None) -> Decimal | None:
    if not baseline or current is None:
        return None
    exact = Decimal(100 * (baseline - current)) / baseline
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def _response(instrument: Instrument, baseline: int | None, current: int | None) -> Response:
    """Compared as 100 x fall >= percent x baseline, so that no rounding decides."""
    if not baseline or current is None:
        return Response.MISSING
    fall = 100 * (baseline - current)
    if fall >= instrument.change.response.value * baseline:
        return Response.FULL
    partial = fall >= instrument.change.partial_response.value * baseline
    return Response.PARTIAL if partial else Response.NONE


def response_total_at_most(instrument: Instrument, baseline: int | None) -> int | None:
    """The highest total that is a response; None where the baseline is missing or 0."""
    if not baseline:
        return None
    return int(baseline * (100 - instrument.change.response.value) // 100)


def reaches_before(instrument: Instrument, scored_at: datetime, dose_at: datetime) -> bool:
    """Whether a score taken after a dose asks about days before it as well.

    Such a score says too little of the dose: response and remission count from the first whose
    recall lies wholly after it. Source: protocol section 9; design of the chart, mark P.
    """
    recall = timedelta(days=instrument.recall_days or 0)
    return timedelta() <= scored_at - dose_at < recall


def _shift(points: int | None, threshold: Decimal) -> Shift:
    if points is None:
        return Shift.MISSING
    if abs(points) < threshold:
        return Shift.UNCHANGED
    return Shift.IMPROVED if points < 0 else Shift.WORSE


class Worsening(StrEnum):
    """Why a person is to be reviewed the same day. Source: DEF-05, mark P."""

    POINTS = "total up by the scale's limit of deterioration"
    PERCENT_TWICE = "total up by a fifth twice, at least 3 days apart"
    WATCHED_ITEM = "watched item up"
    SUICIDE_TIER = "suicide tier up"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one occasion gave. watched_answer: the watched item's answer (PHQ-9 item 9)."""

    at: datetime
    total: int | None = None
    watched_answer: int | None = None
    tier: Tier | None = None


def worsening(
    instrument: Instrument, baseline: Reading, since: Sequence[Reading]
) -> tuple[Worsening, ...]:
    """Why the newest reading calls for review the same day; empty where nothing does.

    since: the readings after baseline in any order. The watched item and the tier count as up
    against the baseline and against the last known value before; a tier not known never counts.
    """
    if not since:
        return ()
    *earlier, newest = sorted(since, key=lambda reading: reading.at)
    before = [baseline, *earlier]
    held = {
        Worsening.POINTS: _points_up(instrument, baseline, newest),
        Worsening.PERCENT_TWICE: _fifth_up(baseline, newest)
        and any(
            _fifth_up(baseline, each) and newest.at - each.at >= WORSE_APART for each in earlier
        ),
        Worsening.WATCHED_ITEM: _up(
            newest.watched_answer, [each.watched_answer for each in before]
        ),
        Worsening.SUICIDE_TIER: _up(_step(newest), [_step(each) for each in before]),
    }
    return tuple(reason for reason, holds in held.items() if holds)


def _points_up(instrument: Instrument, baseline: Reading, newest: Reading) -> bool:
    limit = instrument.change.deterioration
    if limit is None or baseline.total is None or newest.total is None:
        return False
    return newest.total - baseline.total >= limit.value


def _fifth_up(baseline: Reading, reading: Reading) -> bool:
    """A rise from a baseline of 0 has no percentage, and does not count here."""
    if not baseline.total or reading.total is None:
        return False
    return 100 * (reading.total - baseline.total) >= WORSE_PERCENT * baseline.total


def _up(value: int | None, before: Sequence[int | None]) -> bool:
    """Above the first value or the last known one."""
    known = [each for each in before if each is not None]
    if value is None or not known:
        return False
    return value > known[-1] or (before[0] is not None and value > before[0])


def _step(reading: Reading) -> int | None:
    return TIER_STEPS.index(reading.tier) if reading.tier in TIER_STEPS else None
