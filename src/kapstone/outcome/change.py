"""Response, remission and reliable change of one scale.

Source: protocol section 9, DEF-01 to DEF-04.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum

from kapstone.instruments import Instrument
from kapstone.instruments.conditions import Number
from kapstone.instruments.definition import HIGHER_BETTER, Figure


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
    gain = None if points is None else -worse(instrument, points)
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


def worse(instrument: Instrument, points: Number) -> Number:
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
