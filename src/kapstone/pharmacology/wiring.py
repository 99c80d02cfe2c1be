"""A model's constants as poles and coefficients: see `transfer`.

Constants by name as in ``models.toml``, each an array of shape (people,) or (1,).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from kapstone.pharmacology.models import Way
from kapstone.pharmacology.rows import content
from kapstone.pharmacology.transfer import Array, Satellite, Star, Transfer, apart

_NG_PER_ML = 1000.0  # 1 mg/L
_H_PER_MIN = 1 / 60
Constants = Mapping[str, Array]


class Port(StrEnum):
    """Where a dose is put: into the blood, into a depot beside it, or swallowed."""

    BLOOD = "blood"
    DIRECT = "direct"
    SWALLOWED = "swallowed"


@dataclass(frozen=True, slots=True)
class System:
    """The answer to 1 mg at each port: ``sum(coefficients * exp(-poles * hours))`` in ng/mL.

    `poles_per_h`: (modes, people), those of the disposition first, slowest first.
    `ports`: port → coefficients (modes, people).
    """

    poles_per_h: Array
    ports: Mapping[tuple[Way, Port], Array]


@dataclass(frozen=True, slots=True)
class _Body:
    """From the blood to what is read; and from what was swallowed, each by the share it takes."""

    rates_per_h: dict[str, Array]
    blood: Transfer
    swallowed: tuple[tuple[str, Transfer], ...]


def wire(
    values: Constants, by_way: Mapping[Way, Constants], *, norketamine: bool, through_arm: bool
) -> System:
    """The system for ketamine or norketamine, in the model's own blood or past the arm.

    `values` are the constants of the disposition, `by_way` those of each way a dose takes.
    """
    body = (_with_liver if "QH" in values else _without_liver)(values, norketamine=norketamine)
    rates, depots = body.rates_per_h, dict[str, Array]()
    chains: dict[tuple[Way, Port], list[Transfer]] = {}
    for way, given in by_way.items():
        if way is Way.IV:
            chains[way, Port.BLOOD] = [body.blood]
        if "direct_ka_per_h" in given:
            depot = _depot(depots, f"{way} direct", given["direct_ka_per_h"])
            chains[way, Port.DIRECT] = [depot.then(body.blood)]
        if "swallowed_ka_per_h" in given:
            depot = _depot(depots, f"{way} swallowed", given["swallowed_ka_per_h"])
            chains[way, Port.SWALLOWED] = [
                _times(depot.then(chain), {**values, **given}[share])
                for share, chain in body.swallowed
            ]
    if through_arm:
        arm = _arm(rates)
        chains = {port: [one.then(arm) for one in chain] for port, chain in chains.items()}
    return _system(apart(rates, depots), chains)


def _system(
    rates: Mapping[str, Array], chains: Mapping[tuple[Way, Port], Sequence[Transfer]]
) -> System:
    shape = np.broadcast_shapes(*(rate.shape for rate in rates.values()))
    poles = np.stack([np.broadcast_to(rate, shape) for rate in rates.values()])
    ports = {port: np.zeros_like(poles) for port in chains}
    order = {name: place for place, name in enumerate(rates)}
    for port, chain in chains.items():
        for one in chain:
            for name, coefficient in one.residues(rates).items():
                ports[port][order[name]] += coefficient
    return System(poles, ports)


def _times(transfer: Transfer, share: Array) -> Transfer:
    return replace(transfer, gain=transfer.gain * share)


def _depot(depots: dict[str, Array], name: str, ka_per_h: Array) -> Transfer:
    depots[name] = ka_per_h
    return Transfer(ka_per_h, (), (name,))


def _arm(rates: dict[str, Array]) -> Transfer:
    """Two beds side by side; the area under the curve stays what it was."""
    arm = content().arm
    quick_h, slow_h = arm.quick_min * _H_PER_MIN, arm.slow_min * _H_PER_MIN
    middle_h = (1 - arm.slow_fraction) * slow_h + arm.slow_fraction * quick_h
    rates["arm quick"], rates["arm slow"] = np.array([1 / quick_h]), np.array([1 / slow_h])
    gain = middle_h / (quick_h * slow_h)
    return Transfer(gain, (np.array([1 / middle_h]),), ("arm quick", "arm slow"))


def _norketamine(values: Constants, rates: dict[str, Array]) -> Transfer:
    """From 1 mg/h of ketamine that becomes norketamine to ng/mL of norketamine."""
    back = values["QN"] / values["VPN"]
    star = Star(values["CLN"] / values["VN"], (Satellite(values["QN"] / values["VN"], back),))
    poles = _named(rates, "norketamine", star)
    gain = values["metabolite_mass"] * _NG_PER_ML / values["VN"]
    return Transfer(gain, (back,), poles)


def _named(rates: dict[str, Array], name: str, star: Star) -> tuple[str, ...]:
    found = {f"{name} {place}": rate for place, rate in enumerate(star.rates_per_h())}
    rates |= found
    return tuple(found)


def _without_liver(values: Constants, *, norketamine: bool) -> _Body:
    """A centre that loses by its clearance, with one or two satellites."""
    volume, clearance = values["V1"], values["CL"]
    satellites = tuple(
        Satellite(values[f"Q{one}"] / volume, values[f"Q{one}"] / values[f"V{one}"])
        for one in "23"
        if f"Q{one}" in values
    )
    star, rates = Star(clearance / volume, satellites), dict[str, Array]()
    amount = Transfer(1.0, tuple(one.all_out for one in satellites), _named(rates, "body", star))
    if not norketamine:
        blood = _times(amount, _NG_PER_ML / volume)
        return _Body(rates, blood, (("swallowed_to_blood", blood),))
    read = _norketamine(values, rates)
    blood = _times(amount, values["fm"] * clearance / volume).then(read)
    swallowed = (("swallowed_to_blood", blood), ("swallowed_to_norketamine", read))
    return _Body(rates, blood, swallowed)


def _with_liver(values: Constants, *, norketamine: bool) -> _Body:
    """A centre that loses nothing itself; the liver, its first satellite, does (Perez-Ruixo)."""
    volume, flow = values["VC"], values["QH"]
    lost = values["kel"] + values["kmet"]
    satellites = (
        Satellite(flow / volume, flow / values["VH"], lost),
        *(
            Satellite(values[f"Q{one}"] / volume, values[f"Q{one}"] / values[f"VP{one}"])
            for one in "12"
        ),
    )
    star, rates = Star(np.zeros_like(volume), satellites), dict[str, Array]()
    poles = _named(rates, "body", star)
    others = tuple(one.all_out for one in satellites[1:])
    if not norketamine:
        gain = _NG_PER_ML / volume
        blood = Transfer(gain, (satellites[0].all_out, *others), poles)
        liver = Transfer(gain * flow / values["VH"], others, poles)
    else:
        read = _norketamine(values, rates)
        blood = Transfer(values["kmet"] * flow / volume, others, poles).then(read)
        held = tuple(star.without(0).rates_per_h())
        liver = Transfer(values["kmet"], held, poles).then(read)
    return _Body(rates, blood, (("gut", liver),))
