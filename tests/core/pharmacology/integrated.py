"""The same models written as differential equations, for a general solver to integrate.

Written apart from `kapstone.pharmacology.wiring`: compartments and flows, no poles.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from kapstone.pharmacology import Dose, Model, Way

Array = NDArray[np.float64]
# direct depot, swallowed depot, blood, second, third, norketamine, its second, left the body
DIRECT, SWALLOWED, BLOOD, SECOND, THIRD, NK, NK2, LIVER, LEFT = range(9)


def flows(model: Model, way: Way) -> Array:
    """(states, states): mg/h from the column's compartment to the row's, for each mg in it."""
    v, given = model.values, model.inputs[way].values
    matrix = np.zeros((9, 9))

    def flow(start: int, end: int, per_h: float, arriving: float = 1.0) -> None:
        matrix[start, start] -= per_h
        matrix[end, start] += per_h * arriving

    flow(DIRECT, BLOOD, given.get("direct_ka_per_h", 0.0))
    swallowed = given.get("swallowed_ka_per_h", 0.0)
    if "QH" in v:
        flow(SWALLOWED, LIVER, swallowed, v["gut"])
        flow(BLOOD, LIVER, v["QH"] / v["VC"])
        flow(LIVER, BLOOD, v["QH"] / v["VH"])
        flow(LIVER, LEFT, v["kel"])
        flow(LIVER, NK, v["kmet"])
        others = ((SECOND, v["Q1"], v["VP1"]), (THIRD, v["Q2"], v["VP2"]))
        volume = v["VC"]
    else:
        matrix[SWALLOWED, SWALLOWED] -= swallowed
        matrix[BLOOD, SWALLOWED] += swallowed * given.get("swallowed_to_blood", 0.0)
        formed = v.get("metabolite_mass", 0.0)
        matrix[NK, SWALLOWED] += swallowed * formed * given.get("swallowed_to_norketamine", 0.0)
        volume = v["V1"]
        matrix[BLOOD, BLOOD] -= v["CL"] / volume
        matrix[LEFT, BLOOD] += v["CL"] / volume
        matrix[NK, BLOOD] += formed * v.get("fm", 0.0) * v["CL"] / volume
        places = [(SECOND, 2), (THIRD, 3)][: 1 + ("Q3" in v)]
        others = tuple((place, v[f"Q{n}"], v[f"V{n}"]) for place, n in places)
    for place, exchange, held in others:
        flow(BLOOD, place, exchange / volume)
        flow(place, BLOOD, exchange / held)
    if "VN" in v:
        flow(NK, NK, v["CLN"] / v["VN"], 0.0)
        flow(NK, NK2, v["QN"] / v["VN"])
        flow(NK2, NK, v["QN"] / v["VPN"])
    return matrix


def inputs(model: Model, doses: Sequence[Dose]) -> list[tuple[int, float, float, float]]:
    """(compartment, mg, from hour, hours it lasts) of each thing put in."""
    found = []
    for dose in doses:
        given, at_h, mg = model.inputs[dose.way].values, dose.at_min / 60, dose.base_mg
        if dose.way is Way.IV:
            found.append((BLOOD, mg, at_h, dose.infusion_min / 60))
            continue
        each = mg / dose.devices
        for device in range(dose.devices):
            later = model.values.get("later_device_factor", 1.0) if device else 1.0
            direct = given.get("direct_fraction", 0.0) * later
            found.append((DIRECT, each * direct, at_h, 0.0))
            if "swallowed_ka_per_h" in given:
                lasts = given["swallowed_zero_order_h"]
                found.append((SWALLOWED, each * (1 - direct), at_h, lasts))
    return found


def amounts(model: Model, doses: Sequence[Dose], times_min: Array, *, by: str = "expm") -> Array:
    """mg in each compartment at each time, (times, states), by `expm` or by `solver`."""
    matrix = flows(model, doses[0].way)
    put = inputs(model, doses)
    edges = sorted({0.0, *(edge for _, _, at, lasts in put for edge in (at, at + lasts))})
    state, found = np.zeros(9), []
    for start, end in zip(edges, [*edges[1:], np.inf], strict=True):
        rate = np.zeros(9)
        for place, mg, at, lasts in put:
            if lasts == 0 and at == start:
                state[place] += mg
            elif at <= start < at + lasts:
                rate[place] += mg / lasts
        inside = [t / 60 - start for t in times_min if start <= t / 60 < end]
        last = [end - start] if end < np.inf else []
        states = (_by_expm if by == "expm" else _by_solver)(matrix, rate, state, [*inside, *last])
        found += states[: len(inside)]
        state = states[-1].copy() if last else state
    return np.array(found)


def _by_expm(matrix: Array, rate: Array, state: Array, hours: list[float]) -> list[Array]:
    wide = np.zeros((10, 10))
    wide[:9, :9], wide[:9, 9] = matrix, rate
    return [(expm(wide * h) @ np.append(state, 1.0))[:9] for h in hours]


def _by_solver(matrix: Array, rate: Array, state: Array, hours: list[float]) -> list[Array]:
    """Each time asked for is the end of a step: what is read between steps is only a polynomial."""
    found, before = [], 0.0
    for hour in hours:
        if hour > before:
            state = solve_ivp(
                lambda _, y: matrix @ y + rate,
                (before, hour),
                state,
                method="DOP853",
                rtol=1e-13,
                atol=1e-15,
            ).y[:, -1]
        found.append(state)
        before = hour
    return found
