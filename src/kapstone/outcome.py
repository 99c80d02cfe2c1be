"""Response, remission, reliable change and worsening of one scale.

A missing score is missing: it is never filled in, and every judgement about it is missing too.
Thresholds are the instrument's own (`Instrument.change`), each with its source and mark.

Source: protocol section 9, DEF-01 to DEF-05 and DEF-R1. Not covered: relapse (DEF-07), cohort
rates (DEF-06).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum

from kapstone.instruments import Instrument
from kapstone.instruments.conditions import Number
from kapstone.instruments.definition import HIGHER_BETTER, Figure
from kapstone.risk import Tier

WORSE_PERCENT = 20  # DEF-05, mark P
WORSE_APART = timedelta(days=3)  # DEF-05, mark P
WORSE_SOURCE, WORSE_MARK = ("protocol section 9, DEF-05",), "P"
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
    """The main score against its baseline, in points of the scale.

    points: current less baseline. reduction_pct: the way to the better, of the baseline, one
    decimal; None at a baseline of 0. remission: score-remission of this one score, None where the
    scale names none. reliable: beyond the scale's own error. important: beyond the least change
    that matters to patients.
    """

    baseline_score: Number | None
    current_score: Number | None
    points: Number | None
    reduction_pct: Decimal | None
    response: Response
    remission: bool | None
    reliable: Shift
    important: Shift


def compare(instrument: Instrument, baseline: Number | None, current: Number | None) -> Change:
    """The change from baseline; None is a missing score."""
    limits = instrument.change
    points = None if baseline is None or current is None else current - baseline
    gain = None if points is None else -_worse(instrument, points)
    important = next((each for each in limits.important if each.unit == "points"), None)
    return Change(
        baseline_score=baseline,
        current_score=current,
        points=points,
        reduction_pct=_percent(gain, baseline),
        response=_response(instrument, gain, baseline),
        remission=_remission(instrument, current),
        reliable=_shift(gain, limits.reliable),
        important=_shift(gain, important),
    )


def _worse(instrument: Instrument, points: Number) -> Number:
    """How far a difference goes towards the worse; below zero towards the better."""
    return -points if instrument.change.direction == HIGHER_BETTER else points


def _percent(gain: Number | None, baseline: Number | None) -> Decimal | None:
    if gain is None or not baseline:
        return None
    return (Decimal(100 * gain) / baseline).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _remission(instrument: Instrument, current: Number | None) -> bool | None:
    highest, lowest = instrument.change.remission_max, instrument.change.remission_min
    if current is None or (highest is None and lowest is None):
        return None
    return (highest is None or current <= highest.value) and (
        lowest is None or current >= lowest.value
    )


def _response(instrument: Instrument, gain: Number | None, baseline: Number | None) -> Response:
    limits = instrument.change
    if gain is None or not baseline or limits.response is None:
        return Response.MISSING
    if _reaches(limits.response, gain, baseline):
        return Response.FULL
    partial = limits.partial_response
    return Response.PARTIAL if partial and _reaches(partial, gain, baseline) else Response.NONE


def _reaches(figure: Figure, gain: Number, baseline: Number) -> bool:
    """In percent compared as 100 x gain >= percent x baseline, so that no rounding decides."""
    if figure.unit == "points":
        return gain >= figure.value
    return 100 * gain >= figure.value * baseline


def response_total_at_most(instrument: Instrument, baseline: Number | None) -> Number | None:
    """The highest score that is a response.

    None where the baseline is missing or 0, where it is too low to fall that far, where the scale
    names no response, and where higher is better. A baseline with a decimal gives one.
    """
    limit = instrument.change.response
    if not baseline or limit is None or instrument.change.direction == HIGHER_BETTER:
        return None
    percent = limit.unit == "percent"
    fall: Decimal = limit.value * baseline / 100 if percent else limit.value
    if fall > baseline:
        return None
    if isinstance(baseline, int):
        return int(baseline - fall)
    return (baseline - fall).quantize(Decimal("0.1"), ROUND_FLOOR)


def reaches_before(instrument: Instrument, scored_at: datetime, dose_at: datetime) -> bool:
    """Whether a score taken after a dose asks about days before it as well.

    Such a score says too little of the dose: response and remission count from the first whose
    recall lies wholly after it. Source: protocol section 9; design of the chart, mark P.
    """
    recall = timedelta(days=instrument.recall_days or 0)
    return timedelta() <= scored_at - dose_at < recall


def _shift(gain: Number | None, threshold: Figure | None) -> Shift:
    if gain is None or threshold is None:
        return Shift.MISSING
    if -threshold.value < gain < threshold.value:
        return Shift.UNCHANGED
    return Shift.IMPROVED if gain > 0 else Shift.WORSE


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
    total: Number | None = None
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
        Worsening.POINTS: _points_worse(instrument, baseline, newest),
        Worsening.PERCENT_TWICE: _fifth_worse(instrument, baseline, newest)
        and any(
            _fifth_worse(instrument, baseline, each) and newest.at - each.at >= WORSE_APART
            for each in earlier
        ),
        Worsening.WATCHED_ITEM: _up(
            newest.watched_answer, [each.watched_answer for each in before]
        ),
        Worsening.SUICIDE_TIER: _up(_step(newest), [_step(each) for each in before]),
    }
    return tuple(reason for reason, holds in held.items() if holds)


def _points_worse(instrument: Instrument, baseline: Reading, newest: Reading) -> bool:
    limit = instrument.change.deterioration
    if limit is None or baseline.total is None or newest.total is None:
        return False
    return _worse(instrument, newest.total - baseline.total) >= limit.value


def _fifth_worse(instrument: Instrument, baseline: Reading, reading: Reading) -> bool:
    """A change from a baseline of 0 has no percentage, and does not count here."""
    if not baseline.total or reading.total is None:
        return False
    worse = _worse(instrument, reading.total - baseline.total)
    return 100 * worse >= WORSE_PERCENT * baseline.total


def _up(value: int | None, before: Sequence[int | None]) -> bool:
    """Above the first value or the last known one."""
    known = [each for each in before if each is not None]
    if value is None or not known:
        return False
    return value > known[-1] or (before[0] is not None and value > before[0])


def _step(reading: Reading) -> int | None:
    return TIER_STEPS.index(reading.tier) if reading.tier in TIER_STEPS else None
