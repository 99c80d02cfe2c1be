"""From a dose to what may follow from it, one link after the other, for a typical person.

Each link is weaker than the one before it. Nothing here is a measurement; see `effects` and the
labels it carries.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kapstone.pharmacology import effects
from kapstone.pharmacology.asking import Analyte, Options
from kapstone.pharmacology.doses import Dose, Person
from kapstone.pharmacology.models import Form, Matrix, Model
from kapstone.pharmacology.simulating import Curve, simulate
from kapstone.pharmacology.transfer import Array

_MIRRORED = {
    Form.RACEMATE: ("s_ketamine", "r_ketamine", "s_norketamine", "r_norketamine"),
    Form.ESKETAMINE: ("s_ketamine", "s_norketamine"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustrated:
    """What chases what, in shares of 1 and, for `plasticity`, of its own peak among the times.

    Show it with `label`.
    """

    times_h: Array
    glutamate: Array
    bdnf: Array
    plasticity: Array
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The links, each of shape (times,). None where the published link is of something else.

    Attributes
    ----------
    plasma : the curve that drives all of it, in the model's own blood
    site_ng_per_ml : at the effect site; arterial curves alone have one
    high : drug high, 0 to 10
    systolic_rise_mmhg, diastolic_rise_mmhg : racemic arterial curves alone
    occupancy : share of NMDA receptors held, 0 to 1; show it with its label
    """

    plasma: Curve
    site_ng_per_ml: Array | None
    high: Array | None
    systolic_rise_mmhg: Array | None
    diastolic_rise_mmhg: Array | None
    occupancy: Array
    occupancy_label: str


def chain(
    model: Model,
    doses: Sequence[Dose],
    person: Person,
    times_min: Sequence[float] | Array,
    options: Options | None = None,
) -> Chain:
    """Plasma, effect site, drug high, pressure and occupancy. Ask for each minute or oftener.

    Raises
    ------
    InvalidInput
        for what `simulate` refuses, and a model that does not follow norketamine.
    """
    accept = (options or Options()).accept
    plasma = simulate(model, doses, person, times_min, Options(accept=accept))
    form = plasma.question.form
    held = {
        name: simulate(
            model, doses, person, times_min, Options(analyte=Analyte(name), accept=accept)
        ).conc_ng_per_ml
        for name in _MIRRORED[form]
    }
    arterial = plasma.question.matrix is Matrix.ARTERIAL
    site = effects.effect_site(plasma) if arterial else None
    racemic = site is not None and form is Form.RACEMATE
    rises = effects.pressure_rise(site) if site is not None and racemic else (None, None)
    return Chain(
        plasma=plasma,
        site_ng_per_ml=site,
        high=None if site is None else effects.drug_high(site, form),
        systolic_rise_mmhg=rises[0],
        diastolic_rise_mmhg=rises[1],
        occupancy=effects.occupancy(held),
        occupancy_label=effects.content().occupancy_label,
    )


def illustrated(times_h: Array, occupancy: Array) -> Illustrated:
    """Glutamate, BDNF and plasticity after this occupancy: a hypothesis, drawn.

    `times_h` and `occupancy` of shape (times,), from before the dose on; the occupancy is taken as
    straight between its times. Source: constants of our own, see ``effects.toml``.
    """
    held = effects.content().illustration
    driven = occupancy / (occupancy + held.half_at_fraction)
    glutamate = effects.behind(times_h, driven, held.glutamate_per_h)
    bdnf = effects.behind(times_h, glutamate, held.bdnf_per_h)
    gain = held.plasticity_in_per_h / held.plasticity_out_per_h
    plasticity = gain * effects.behind(times_h, bdnf, held.plasticity_out_per_h)
    peak = float(np.max(plasticity))
    return Illustrated(
        times_h=times_h,
        glutamate=glutamate,
        bdnf=bdnf,
        plasticity=plasticity / peak if peak else plasticity,
        label=held.label,
    )
