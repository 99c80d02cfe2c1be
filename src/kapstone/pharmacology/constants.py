"""The constants of one person, or of many drawn around them."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from kapstone.pharmacology.asking import Question
from kapstone.pharmacology.curves import Entry
from kapstone.pharmacology.models import Kind, Spread, Way
from kapstone.pharmacology.rows import content
from kapstone.pharmacology.transfer import Array
from kapstone.pharmacology.wiring import Constants, Port, System, wire

_H_PER_MIN = 1 / 60
_SCALED = ("V", "CL", "Q")

Normals = Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Group:
    """People side by side: the constants of the disposition and of each way in."""

    values: Constants
    by_way: Mapping[Way, Constants]


def typical(question: Question) -> Group:
    """The model's typical person of this weight, age and ancestry, as arrays of shape (1,)."""
    model, person = question.model, question.person
    scale = 1.0 if person.weight_kg is None else float(person.weight_kg) / model.reference_kg
    values = {}
    for name, value in model.values.items():
        power = model.volume_power if name.startswith("V") else model.clearance_power
        values[name] = value * scale**power if name.startswith(_SCALED) else value
    past_y = 0.0 if person.age_y is None else float(person.age_y) - model.aging_from_y
    for name, per_year in model.aging.items():
        values[name] += per_year * max(past_y, 0.0)
    if question.enantiomer:
        values["CL"] *= _clearance_factor(question.enantiomer)
    by_way = {way: dict(model.inputs[way].values) for way in question.ways}
    for name, factor in model.ancestry.get(person.ancestry or "", {}).items():
        for held in (values, *by_way.values()):
            if name in held:
                held[name] *= factor
    return Group(_arrays(values), {way: _arrays(held) for way, held in by_way.items()})


def _arrays(values: Mapping[str, float]) -> dict[str, Array]:
    return {name: np.array([value]) for name, value in values.items()}


def _clearance_factor(enantiomer: str) -> float:
    """S above R in the published ratio; the area under the racemate's curve stays the model's."""
    ratio = content().constants["clearance_s_to_r"]
    r = (1 + 1 / ratio) / 2
    return r * ratio if enantiomer == "s" else r


def drawn(group: Group, question: Question, normals: Normals) -> Group:
    """People around the typical one; `normals` holds the standard normals of each named source."""
    model = question.model
    values = _spread(group.values, model.spreads, "", normals)
    by_way = {
        way: _spread(held, model.inputs[way].spreads, f"{way} ", normals)
        for way, held in group.by_way.items()
    }
    return Group(values, by_way)


def _spread(
    held: Constants, spreads: Iterable[Spread], before: str, normals: Normals
) -> dict[str, Array]:
    found = dict(held)
    for spread in spreads:
        if spread.name in held and before + spread.name in normals:
            found[spread.name] = spread_around(
                held[spread.name], spread, normals[before + spread.name]
            )
    return found


def spread_around(middle: Array, spread: Spread, normal: Array) -> Array:
    """Values with this median: log-normal, or logit-normal for a share between 0 and 1."""
    width = spread.spread_ratio
    if spread.kind is Kind.LOGIT_SD:
        odds = middle / (1 - middle) * np.exp(width * normal)
        return odds / (1 + odds)
    if spread.kind is Kind.CV:
        width = math.sqrt(math.log1p(width * width))
    return middle * np.exp(width * normal)


def source_names(question: Question) -> tuple[str, ...]:
    """Every named source of variability that bears on this question, in a fixed order."""
    model = question.model
    held = set(model.values) - (set() if question.analyte.is_norketamine else {"VN", "CLN"})
    names = [spread.name for spread in model.spreads if spread.name in held]
    for way in question.ways:
        names += [f"{way} {spread.name}" for spread in model.inputs[way].spreads]
    residual = residual_of(question)
    return (*names, residual.name) if residual else tuple(names)


def residual_of(question: Question) -> Spread | None:
    """What a single measurement adds to the spread between people."""
    name = "norketamine_residual" if question.analyte.is_norketamine else "residual"
    return next((one for one in question.model.spreads if one.name == name), None)


def system_of(question: Question, group: Group) -> System:
    """The system of these people for what is asked."""
    return wire(
        group.values,
        group.by_way,
        norketamine=question.analyte.is_norketamine,
        through_arm=question.through_arm,
    )


def entries_of(question: Question, group: Group) -> list[Entry]:
    """The doses as what is put in at each port, in mg of base of what the analyte comes from."""
    found = []
    for dose in question.doses:
        amount_mg = np.array([dose.base_mg * question.share_of_dose])
        at_h = dose.at_min * _H_PER_MIN
        more = question.more_by(dose.way)
        if dose.way is Way.IV:
            lasts_h = dose.infusion_min * _H_PER_MIN
            found.append(Entry(dose.way, Port.BLOOD, amount_mg * more, at_h, lasts_h))
            continue
        given = group.by_way[dose.way]
        later = group.values.get("later_device_factor", np.ones(1))
        first = 0 if dose.earlier_devices else 1
        whole = (first + (dose.devices - first) * later) / dose.devices
        direct = given.get("direct_fraction", np.zeros(1)) * whole
        if "direct_ka_per_h" in given:
            found.append(Entry(dose.way, Port.DIRECT, amount_mg * direct, at_h, 0.0))
        if "swallowed_ka_per_h" in given and dose.swallowed:
            lasts_h = float(given["swallowed_zero_order_h"][0])
            swallowed_mg = amount_mg * (1 - direct) * more
            found.append(Entry(dose.way, Port.SWALLOWED, swallowed_mg, at_h, lasts_h))
    return found
