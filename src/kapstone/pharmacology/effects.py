"""From a concentration to what a clinician watches, each with how it is known: ``effects.toml``.

Illustrations. The monitor decides; nothing here is a measurement.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from kapstone.errors import InvalidInput
from kapstone.pharmacology.models import Form, Matrix
from kapstone.pharmacology.simulating import Curve
from kapstone.pharmacology.transfer import Array


@dataclass(frozen=True, slots=True)
class Link:
    """``10 * c^steepness / (c50^steepness + c^steepness)``: drug high on a scale of 0 to 10."""

    c50_ng_per_ml: float
    steepness_power: float
    mark: str
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the illustration, with what is known of it."""

    name: str
    evidence: str
    source: str


@dataclass(frozen=True, slots=True)
class Illustration:
    """The constants of glutamate, BDNF and plasticity, all ours. Show `label` beside the curve."""

    label: str
    half_at_fraction: float
    glutamate_per_h: float
    bdnf_per_h: float
    plasticity_in_per_h: float
    plasticity_out_per_h: float
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Relapse:
    """How long a response held in one group."""

    who: str
    finding: str
    mark: str
    source: str


@dataclass(frozen=True, slots=True)
class Mood:
    """Means and standard deviations of groups after one dose. Nothing here is of one person."""

    label: str
    scale: str
    people_count: int
    days: tuple[int, ...]
    ketamine: tuple[tuple[float, float], ...]
    control: tuple[tuple[float, float], ...]
    mark: str
    source: str
    relapse: tuple[Relapse, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """One version of the links."""

    version: str
    half_time_min: float
    drug_high: Mapping[Form, Link]
    systolic_mmhg_ratio: float
    diastolic_mmhg_ratio: float
    pressure_spread_ratio: float
    awakening_ng_per_ml: tuple[float, float]
    ki_um: Mapping[str, float]
    molar_mass: Mapping[str, float]
    unbound: tuple[float, float]
    occupancy_label: str
    illustration: Illustration
    mood: Mood


@cache
def content() -> Content:
    """The links of this release."""
    text = files("kapstone.pharmacology").joinpath("effects.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    occupancy, sedation = document["occupancy"], document["sedation"]
    return Content(
        version=document["version"],
        half_time_min=document["effect_site"]["half_time_min"],
        drug_high={
            Form(form): Link(row["c50"], row["steepness"], row["mark"], row["source"])
            for form, row in document["drug_high"].items()
        },
        systolic_mmhg_ratio=document["pressure"]["systolic_per_conc"],
        diastolic_mmhg_ratio=document["pressure"]["diastolic_per_conc"],
        pressure_spread_ratio=document["pressure"]["spread_cv"],
        awakening_ng_per_ml=(sedation["awakening_low"], sedation["awakening_high"]),
        ki_um=occupancy["ki_um"],
        molar_mass=occupancy["molar_mass"],
        unbound=(occupancy["unbound_ketamine"], occupancy["unbound_norketamine"]),
        occupancy_label=occupancy["label"],
        illustration=_illustration(document["illustration"]),
        mood=_mood(document["mood"]),
    )


def _illustration(row: dict[str, Any]) -> Illustration:
    return Illustration(
        row["label"],
        row["half_at_occupancy"],
        row["glutamate_per_h"],
        row["bdnf_per_h"],
        row["plasticity_in_per_h"],
        row["plasticity_out_per_h"],
        tuple(Step(one["name"], one["evidence"], one["source"]) for one in row["step"]),
    )


def _mood(row: dict[str, Any]) -> Mood:
    return Mood(
        row["label"],
        row["scale"],
        row["people"],
        tuple(row["day"]),
        tuple(zip(row["ketamine_mean"], row["ketamine_sd"], strict=True)),
        tuple(zip(row["control_mean"], row["control_sd"], strict=True)),
        row["mark"],
        row["source"],
        tuple(Relapse(**one) for one in row["relapse"]),
    )


def effect_site(curve: Curve) -> Array:
    """ng/mL at the effect site, (times,): the arterial curve, two minutes behind.

    The curve is taken as straight between its times: ask for each minute or oftener.

    Raises
    ------
    InvalidInput
        for a curve of venous plasma or of norketamine, which these links are not about.
    """
    question = curve.question
    if question.matrix is not Matrix.ARTERIAL or question.analyte.is_norketamine:
        raise InvalidInput("matrix", "is not arterial ketamine.", "Ask for it: effects follow it.")
    per_min = np.log(2) / content().half_time_min
    return behind(curve.times_min, curve.conc_ng_per_ml, per_min)


def behind(times: Array, driver: Array, rate: float) -> Array:
    """What chases `driver` at `rate`, from 0: ``dx/dt = rate * (driver - x)``.

    Exact for a driver that is straight between its times; `rate` is in the inverse of their unit.
    """
    found = np.zeros(len(times))
    for place, lasts in enumerate(np.diff(times), 1):
        before, now = driver[place - 1], driver[place]
        lag = (now - before) / lasts / rate
        stays = np.exp(-rate * lasts)
        found[place] = (now - lag) + (found[place - 1] - (before - lag)) * stays
    return found


def drug_high(site_ng_per_ml: Array, form: Form) -> Array:
    """0 to 10, as people rate it themselves."""
    link = content().drug_high[form]
    raised = site_ng_per_ml**link.steepness_power
    high: Array = 10 * raised / (link.c50_ng_per_ml**link.steepness_power + raised)
    return high


def pressure_rise(site_ng_per_ml: Array) -> tuple[Array, Array]:
    """(systolic, diastolic) rise in mmHg of a racemic dose. People differ by a CV of 0.6."""
    held = content()
    return held.systolic_mmhg_ratio * site_ng_per_ml, held.diastolic_mmhg_ratio * site_ng_per_ml


def occupancy(conc_ng_per_ml: Mapping[str, Array | float]) -> Array:
    """Share of NMDA receptors held, 0 to 1, by s_/r_ketamine and s_/r_norketamine together.

    Show it with `content().occupancy_label`: it was never measured in a patient.
    """
    held = content()
    bound = np.zeros(1)
    for name, conc in conc_ng_per_ml.items():
        unbound = held.unbound[name.endswith("norketamine")]
        bound = bound + unbound * np.asarray(conc) / held.molar_mass[name] / held.ki_um[name]
    return bound / (1 + bound)
