"""Milliseconds for curves and bands, beside a general solver and a plain closed form.

    .venv/bin/python -m bench.pharmacology [--rounds 5] [--people 100000]

Prints the best of the rounds: the clock, and the processor time of this thread alone, which says
what it costs where other work shares the machine. 1 where the clock passes a limit.
"""

import argparse
import time
from collections.abc import Callable
from decimal import Decimal

import numpy as np
from scipy.integrate import solve_ivp

from kapstone.pharmacology import (
    Analyte,
    Crowd,
    Dose,
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
from kapstone.pharmacology.curves import concentrations
from kapstone.pharmacology.people import PERCENT, people_group
from kapstone.pharmacology.quantiles import quantiles
from kapstone.pharmacology.transfer import Array

ADULT = Person(age_y=Decimal(45), weight_kg=Decimal(70))
TIMES = np.arange(0.0, 241.0)
IV = default(Form.RACEMATE, Way.IV)
INFUSION = Dose(amount_mg=Decimal(35), way=Way.IV, form=Form.RACEMATE, infusion_min=40)
LOZENGE = Dose(amount_mg=Decimal(100), way=Way.SUBLINGUAL, form=Form.RACEMATE)
FRACTIONS = np.array(PERCENT) / 100


def best(rounds: int, task: Callable[[], object]) -> tuple[float, float]:
    """(clock, processor) in ms, the least of the rounds."""
    clock, processor = [], []
    for _ in range(rounds):
        began, used = time.perf_counter(), time.thread_time()
        task()
        clock.append(time.perf_counter() - began)
        processor.append(time.thread_time() - used)
    return 1000 * min(clock), 1000 * min(processor)


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
    kept, some = concentrations(system, entries, TIMES / 60), few(people)

    def drawing() -> object:
        return system_of(question, people_group(question, crowd)[0])

    def plainly() -> object:
        return naive(system.poles_per_h[:, :some], coefficients[:, :some])

    return [
        (f"{people} people drawn, their poles and coefficients", np.inf, drawing),
        (
            f"{people} people x 241 points, kept",
            200,
            lambda: concentrations(system, entries, TIMES / 60),
        ),
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

    return [
        ("one plan: curve and band of 2,000 people", 20, plan),
        (f"norketamine after a lozenge, {some} people", some * 0.01, metabolite),
        ("SciPy LSODA, one person", np.inf, solved),
        ("the typical curve alone", np.inf, lambda: simulate(IV, [INFUSION], ADULT, TIMES)),
    ]


def main() -> int:
    """Measure each; 1 where one is over its limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--people", type=int, default=100_000)
    options = parser.parse_args()
    slow = False
    for name, limit_ms, task in (*of_crowds(options.people), *of_single_curves(options.people)):
        clock_ms, processor_ms = best(options.rounds, task)
        slow = slow or clock_ms > limit_ms
        limit = f"limit {limit_ms:g}" if np.isfinite(limit_ms) else "no limit"
        print(f"{name}: {clock_ms:.1f} ms, processor {processor_ms:.1f} ms ({limit})")
    return int(slow)


if __name__ == "__main__":
    raise SystemExit(main())
