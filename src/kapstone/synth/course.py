"""How one synthetic person's symptoms go: every outcome the published figures speak of."""

import math
from dataclasses import dataclass
from random import Random

from kapstone.synth.draws import bounded, linked, other_ratio
from kapstone.synth.evidence import assumed, figures


@dataclass(frozen=True, slots=True)
class Trajectory:
    """Totals over one whole course, as if nobody ever dropped out.

    MADRS before, 24 h and 7 days after the first dose. PHQ-9 and GAD-7 before and after the
    series; PHQ-9 again 4 and 8 weeks later.
    """

    madrs_baseline: int
    madrs_24h_total: int
    madrs_day7_total: int
    phq9_baseline: int
    phq9_end_total: int
    phq9_week4_total: int
    phq9_week8_total: int
    gad7_baseline: int
    gad7_end_total: int


def trajectory(rng: Random) -> Trajectory:
    """Draw one course."""
    early = rng.random()
    madrs = _madrs_baseline(rng)
    phq9, gad7 = _phq9_baseline(rng), _gad7_baseline(rng)
    late = linked(rng, early, assumed("linked")["share"])
    phq9_end_total = _end(rng, late, phq9, "phq9")
    lasting = rng.random()
    return Trajectory(
        madrs_baseline=madrs,
        madrs_24h_total=_madrs_later(rng, early, madrs, "1d"),
        madrs_day7_total=_madrs_later(rng, early, madrs, "7d"),
        phq9_baseline=phq9,
        phq9_end_total=phq9_end_total,
        phq9_week4_total=_later(
            rng, phq9, phq9_end_total, lasting < figures()["responding_4wk"].value
        ),
        phq9_week8_total=_later(
            rng, phq9, phq9_end_total, lasting < figures()["responding_8wk"].value
        ),
        gad7_baseline=gad7,
        gad7_end_total=_end(rng, linked(rng, late, assumed("linked")["share"]), gad7, "gad7"),
    )


def _madrs_baseline(rng: Random) -> int:
    row = figures()["madrs_baseline"]
    return round(bounded(rng, row.value, row.sd_value or 0.0, (0, 60)))


def _phq9_baseline(rng: Random) -> int:
    """As high on its scale of 27 as MADRS on its scale of 60: an assumption, mark P."""
    row, given = figures()["madrs_baseline"], assumed("baseline")
    mean, sd = row.value * 27 / 60, (row.sd_value or 0.0) * 27 / 60
    return round(bounded(rng, mean, sd, (given["phq9_least"], given["phq9_most"])))


def _gad7_baseline(rng: Random) -> int:
    given = assumed("baseline")
    bounds = (given["gad7_least"], given["gad7_most"])
    return round(bounded(rng, given["gad7_mean"], given["gad7_sd"], bounds))


def _madrs_later(rng: Random, early: float, baseline: int, when: str) -> int:
    """A responder ends at half the baseline or lower; the others carry the rest of the spread."""
    share, given = figures()[f"response_{when}"].value, assumed("madrs")
    inner = given["responder_ratio_mean"], given["responder_ratio_sd"]
    if early < share:
        return min(round(baseline * bounded(rng, *inner, (0, 0.5))), baseline // 2)
    mean, sd = other_ratio(_ratio(when), share, inner)
    ratio = bounded(rng, mean, sd, (0.5, given["other_ratio_most"]))
    return min(max(round(baseline * ratio), baseline // 2 + 1), 60)


def _ratio(when: str) -> tuple[float, float]:
    """Mean and SD of later ÷ baseline that turn the baseline's mean and SD into the later ones."""
    before, after = figures()["madrs_baseline"], figures()[f"madrs_{when}"]
    square = (after.value**2 + (after.sd_value or 0.0) ** 2) / (
        before.value**2 + (before.sd_value or 0.0) ** 2
    )
    mean = after.value / before.value
    return mean, math.sqrt(square - mean**2)


def _end(rng: Random, draw: float, baseline: int, instrument: str) -> int:
    """After the series: below 5 (remission), half or less, anything between, or worse."""
    row, most = figures(), {"phq9": 27, "gad7": 21}[instrument]
    if draw < row[f"{instrument}_remission"].value:
        return rng.randint(0, 4)
    if draw < row[f"{instrument}_response"].value:
        return rng.randint(5, baseline // 2)
    if draw < 1 - row[f"{instrument}_worsened"].value:
        return rng.randint(baseline // 2 + 1, baseline)
    return rng.randint(baseline + 1, most)


def _later(rng: Random, baseline: int, end: int, lasts: bool) -> int:
    """Weeks after the series: a responder stays one or relapses; the others stay others."""
    half = baseline // 2
    nearby = end + rng.randint(-2, 2)
    if end <= half and lasts:
        return min(max(nearby, 0), half)
    if end <= half:
        return rng.randint(half + 1, baseline)
    return min(max(nearby, half + 1), 27)
