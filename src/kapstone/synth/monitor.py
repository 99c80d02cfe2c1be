"""A generated monitor: the vital signs of an invented person over one dose, minute by minute.

Equal courses give equal signs: nothing is drawn from a clock. It is for showing and testing, and
predicts nobody. Sources and assumptions stand in assumptions.toml, section monitor.
"""

import math
from dataclasses import dataclass
from random import Random

from kapstone.errors import UnknownContent
from kapstone.synth.evidence import assumed, figures

_PEAKS = {"IV": "peak_iv_min", "IM": "peak_im_min"}


@dataclass(frozen=True, slots=True)
class Rise:
    """How far the pressure stands above rest at the peak of a dose."""

    systolic_mmhg: int
    diastolic_mmhg: int


@dataclass(frozen=True, slots=True)
class Signs:
    """What a monitor reads at one moment."""

    systolic_mmhg: int
    diastolic_mmhg: int
    heart_rate_bpm: int
    spo2_pct: int
    respiratory_rate_per_min: int


@dataclass(frozen=True, slots=True)
class Looks:
    """What a nurse beside the chair scores: MOAA/S 0 to 5, the others 0 to 10."""

    moaas_score: int
    dissociation_score: int
    anxiety_score: int
    nausea_score: int


@dataclass(frozen=True, slots=True)
class Course:
    """One invented person under one dose. `seed` makes it theirs; route is IV or IM."""

    seed: str
    route: str
    rise: Rise


def drawn_rise(seed: str) -> Rise:
    """A rise like most people's, never below none. Source: rows 87 and 88 of the evidence."""
    rng, spread, rows = _rng(seed, "rise"), assumed("dose"), figures()
    return Rise(
        max(0, round(rng.gauss(rows["sbp_rise"].value, spread["systolic_rise_sd_mmhg"]))),
        max(0, round(rng.gauss(rows["dbp_rise"].value, spread["diastolic_rise_sd_mmhg"]))),
    )


def climbing_rise() -> Rise:
    """A rise that reaches the alarms of a session. Source: row 94 of the response evidence."""
    given = assumed("monitor")
    return Rise(int(given["climbing_systolic_mmhg"]), int(given["climbing_diastolic_mmhg"]))


def effect(route: str, minute: float) -> float:
    """How much of the peak a dose shows, 0 to 1, so many minutes after it began.

    Raises UnknownContent for a route that has no shape here.
    """
    if route not in _PEAKS:
        raise UnknownContent(f"No generated monitor for route {route}: {', '.join(_PEAKS)} alone.")
    given = assumed("monitor")
    peak_min = given[_PEAKS[route]]
    if minute <= 0:
        return 0.0
    if minute < peak_min:
        share = minute / peak_min
        return share * share * (3 - 2 * share)
    return math.pow(0.5, (minute - peak_min) / given["halves_every_min"])


def signs(course: Course, minute: int) -> Signs:
    """The signs so many minutes after the dose began; below zero, those of rest."""
    given, rest = assumed("monitor"), _rest(course.seed)
    share, rng = effect(course.route, minute), _rng(course.seed, str(minute))

    def noisy(value: float, part: float = 1.0) -> int:
        return round(value + rng.uniform(-1, 1) * given["noise_mmhg"] * part)

    return Signs(
        noisy(rest.systolic_mmhg + share * course.rise.systolic_mmhg),
        noisy(rest.diastolic_mmhg + share * course.rise.diastolic_mmhg),
        noisy(rest.heart_rate_bpm + share * given["heart_rate_rise_bpm"]),
        min(100, noisy(rest.spo2_pct - share * given["spo2_fall_percent"], 0.3)),
        noisy(rest.respiratory_rate_per_min - share * given["rate_fall_per_min"], 0.4),
    )


def looks(course: Course, minute: int) -> Looks:
    """What a nurse would score so many minutes after the dose began."""
    share = effect(course.route, minute)
    peak = assumed("monitor")["dissociation_peak_score"]
    return Looks(4 if share > 0.7 else 5, round(share * peak), round(share * 2), round(share))


def _rest(seed: str) -> Signs:
    """The person's own signs before any drug."""
    given, rng = assumed("monitor"), _rng(seed, "rest")
    return Signs(
        round(rng.gauss(given["rest_systolic_mmhg"], given["rest_systolic_sd_mmhg"])),
        round(rng.gauss(given["rest_diastolic_mmhg"], given["rest_diastolic_sd_mmhg"])),
        round(rng.gauss(given["rest_heart_rate_bpm"], given["rest_heart_rate_sd_bpm"])),
        round(given["rest_spo2_percent"]),
        round(given["rest_rate_per_min"]),
    )


def _rng(seed: str, about: str) -> Random:
    return Random(f"kapstone:monitor:{seed}:{about}")  # noqa: S311  not for secrets: repeatable
