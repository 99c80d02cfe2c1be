"""Milliseconds for curves and bands, beside opentiva, a general solver and a plain closed form.

    .venv/bin/python -m bench.peers            # once: builds opentiva
    .venv/bin/python -m bench.pharmacology [--rounds 9] [--people 100000]

Prints the median and the least of the rounds by the clock, the processor time of all threads, and
the machine's load before and after: with other work beside it the clock says little, and the
processor time of what shares a memory says more. 1 where the median passes a limit.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from decimal import Decimal

import numpy as np
from scipy.integrate import solve_ivp

from kapstone.pharmacology import (
    Analyte,
    Crowd,
    Dose,
    Engine,
    Form,
    Options,
    Person,
    Question,
    Way,
    default,
    population,
    simulate,
)
from kapstone.pharmacology.asking import ask
from kapstone.pharmacology.constants import entries_of, system_of
from kapstone.pharmacology.engines import concentrations, is_there
from kapstone.pharmacology.people import PERCENT, people_group
from kapstone.pharmacology.quantiles import quantiles
from kapstone.pharmacology.transfer import Array

ADULT = Person(age_y=Decimal(45), weight_kg=Decimal(70))
TIMES = np.arange(0.0, 241.0)
IV = default(Form.RACEMATE, Way.IV)
INFUSION = Dose(amount_mg=Decimal(35), way=Way.IV, form=Form.RACEMATE, infusion_min=40)
LOZENGE = Dose(amount_mg=Decimal(100), way=Way.SUBLINGUAL, form=Form.RACEMATE)
FRACTIONS = np.array(PERCENT) / 100


def timed(rounds: int, task: Callable[[], object]) -> tuple[float, float, float]:
    """(median by the clock, least by the clock, least of the processor) in ms."""
    clock, processor = [], []
    task()  # what is compiled or read once
    for _ in range(rounds):
        began, used = time.perf_counter(), time.process_time()
        task()
        clock.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.process_time() - used))
    return statistics.median(clock), min(clock), min(processor)


def naive(poles: Array, coefficients: Array) -> Array:
    """The closed form as one would first write it: an exponential for each mode and point."""
    hours, lasts = TIMES / 60, 40 / 60
    after = np.clip(hours - lasts, 0, None)
    curve = np.zeros((len(hours), poles.shape[1]))
    for pole, coefficient in zip(poles, coefficients, strict=True):
        filled = 1 - np.exp(-np.minimum(hours, lasts)[:, None] * pole)
        curve += coefficient * 35 / lasts / pole * filled * np.exp(-after[:, None] * pole)
    return curve


def solved() -> Array:
    """One person by SciPy's LSODA at the tolerance such libraries use."""
    v = IV.values
    out = np.array([v["CL"] / v["V1"], v["Q2"] / v["V1"], v["Q3"] / v["V1"]])
    back = np.array([v["Q2"] / v["V2"], v["Q3"] / v["V3"]])

    def slope(hour: float, held: Array) -> list[float]:
        exchange = out[1:] * held[0] - back * held[1:]
        rate = 35 / (40 / 60) if hour < 40 / 60 else 0.0
        return [rate - out[0] * held[0] - exchange.sum(), exchange[0], exchange[1]]

    found = solve_ivp(slope, (0, 4), np.zeros(3), method="LSODA", t_eval=TIMES / 60, rtol=1e-6)
    return found.y[0]


def opentiva(people: int) -> Callable[[], Array] | None:
    """The same infusion by opentiva's class of the same constants, one person after the other."""
    try:
        from opentiva import ketamine, pkpd
    except ImportError:
        return None
    # start in s, mg in each second, how long and until when in s
    infusion = np.array([[0.0, 35 / 2400, 2400, 2400]])

    def found() -> Array:
        curves = np.empty((len(TIMES), people))
        for person in range(people):
            model = pkpd.PkPdModel(ketamine.Klamp(0, 45, 70, 175))
            curves[:, person] = [model.calculate_cp(infusion, int(60 * at)) for at in TIMES]
        return 1000 * curves

    return found


def plan() -> object:
    """The curve and its band, as a page asks for them."""
    simulate(IV, [INFUSION], ADULT, TIMES)
    return population(IV, [INFUSION], ADULT, TIMES)


def asked_lozenge() -> Question:
    """Norketamine after 100 mg under the tongue: every part of a model."""
    model = default(Form.RACEMATE, Way.SUBLINGUAL)
    return ask(model, [LOZENGE], ADULT, Options(analyte=Analyte.NORKETAMINE))


Task = tuple[str, float, Callable[[], object]]  # its name, limit in ms or inf, what is measured


def of_crowds(people: int) -> list[Task]:
    """The default model of a vein over many people."""
    crowd = Crowd(people_count=people)
    question = ask(IV, [INFUSION], ADULT, Options())
    group, residual = people_group(question, crowd)
    system = system_of(question, group)
    entries = [one.times(residual) for one in entries_of(question, group)]
    (coefficients,) = system.ports.values()
    some = few(people)

    def by(engine: Engine) -> Array:
        return concentrations(system, entries, TIMES / 60, engine)

    kept = by(Engine.NUMPY)
    if is_there():
        np.testing.assert_allclose(by(Engine.COMPILED), kept, rtol=1e-9, atol=1e-12)

    def drawing() -> object:
        return system_of(question, people_group(question, crowd)[0])

    def plainly() -> object:
        return naive(system.poles_per_h[:, :some], coefficients[:, :some])

    return [
        (f"{people} people drawn, their poles and coefficients", np.inf, drawing),
        (f"{people} people x 241 points kept, NumPy", 200, lambda: by(Engine.NUMPY)),
        *[(f"{people} people x 241 points kept, compiled", 60, lambda: by(Engine.COMPILED))]
        * is_there(),
        (f"five quantiles over {people} people x 241", 100, lambda: quantiles(kept, FRACTIONS)),
        (f"closed form, plainly written, {some} people", np.inf, plainly),
    ]


def few(people: int) -> int:
    """A part of them, for what is slow."""
    return max(people // 10, 20)


def of_single_curves(people: int) -> list[Task]:
    """One plan, a route with a metabolite, one person."""
    lozenge, some = asked_lozenge(), few(people)

    def metabolite() -> object:
        drawn, factor = people_group(lozenge, Crowd(people_count=some))
        put = [one.times(factor) for one in entries_of(lozenge, drawn)]
        return concentrations(system_of(lozenge, drawn), put, TIMES / 60)

    peer, held = opentiva(100), solved()
    ours = simulate(IV, [INFUSION], ADULT, TIMES).conc_ng_per_ml
    np.testing.assert_allclose(held / IV.values["V1"] * 1000, ours, rtol=1e-4, atol=1e-3)
    if peer is not None:
        np.testing.assert_allclose(peer()[:, 0], ours, rtol=1e-9)
    return [
        ("one plan: curve and band of 2,000 people", 20, plan),
        (f"norketamine after a lozenge, {some} people", some * 0.01, metabolite),
        ("SciPy LSODA, one person", np.inf, solved),
        *([("opentiva, 100 people x 241 points", np.inf, peer)] if peer else []),
        ("the typical curve alone", np.inf, lambda: simulate(IV, [INFUSION], ADULT, TIMES)),
    ]


def main() -> int:
    """Measure each; 1 where one is over its limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--people", type=int, default=100_000)
    options = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.2f} on {os.cpu_count()} processors")
    slow = False
    for name, limit_ms, task in (*of_crowds(options.people), *of_single_curves(options.people)):
        middle_ms, least_ms, processor_ms = timed(options.rounds, task)
        slow = slow or middle_ms > limit_ms
        limit = f"limit {limit_ms:g}" if np.isfinite(limit_ms) else "no limit"
        print(f"{name}: {middle_ms:.1f} ms, least {least_ms:.1f}, ", end="")
        print(f"processor {processor_ms:.1f} ({limit})", flush=True)
    print(f"load {os.getloadavg()[0]:.2f}")
    return int(slow)


if __name__ == "__main__":
    raise SystemExit(main())
