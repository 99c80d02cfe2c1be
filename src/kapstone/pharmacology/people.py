"""The band: many simulated people around the typical one, and the percentiles of their curves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kapstone.errors import InvalidInput
from kapstone.pharmacology.asking import Options, Question, ask
from kapstone.pharmacology.constants import (
    Group,
    drawn,
    entries_of,
    residual_of,
    source_names,
    spread_around,
    system_of,
    typical,
)
from kapstone.pharmacology.doses import Dose, Person
from kapstone.pharmacology.engines import Engine, concentrations
from kapstone.pharmacology.models import Model
from kapstone.pharmacology.quantiles import quantiles
from kapstone.pharmacology.simulating import read_times
from kapstone.pharmacology.transfer import Array

_FEWEST, _MOST = 20, 1_000_000
PERCENT = (5.0, 25.0, 50.0, 75.0, 95.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """How many people are drawn, from which seed, which named sources are left out, solved how."""

    people_count: int = 2000
    seed: int = 1
    without: frozenset[str] = frozenset()
    percent: tuple[float, ...] = PERCENT
    engine: Engine = Engine.BEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Percentiles of simulated people.

    Attributes
    ----------
    times_min : (times,) minutes, as asked
    percent : (levels,) such as 5, 25, 50, 75, 95
    conc_ng_per_ml : (levels, times) ng of base per mL of plasma, each within 0.5 % of the exact
        percentile of these people
    sources : the sources of variability that are in it, the residual of a measurement included
    """

    times_min: Array
    percent: tuple[float, ...]
    conc_ng_per_ml: Array
    people_count: int
    seed: int
    sources: tuple[str, ...]
    question: Question


def population(
    model: Model,
    doses: Sequence[Dose],
    person: Person,
    times_min: Sequence[float] | Array,
    options: Options | None = None,
    crowd: Crowd | None = None,
) -> Band:
    """The band of people of this weight, age and ancestry who differ as the model says.

    Equal seeds give equal bands. Leaving a source out leaves the draws of the others as they were.

    Raises
    ------
    InvalidInput
        for what `simulate` refuses, a model whose spread is not known, or a source it has not.
    """
    crowd = crowd or Crowd()
    question = ask(model, doses, person, options or Options())
    times = read_times(times_min)
    curves = people_curves(question, times, crowd)
    bands = quantiles(curves, np.array(crowd.percent) / 100)
    bands.flags.writeable = False
    return Band(
        times_min=times,
        percent=crowd.percent,
        conc_ng_per_ml=bands,
        people_count=crowd.people_count,
        seed=crowd.seed,
        sources=tuple(one for one in source_names(question) if one not in crowd.without),
        question=question,
    )


def people_curves(question: Question, times: Array, crowd: Crowd) -> Array:
    """Each person's curve in ng/mL, shape (times, people), with one residual for each person.

    A residual is of a measurement, not of a person. One for each person gives the same
    percentiles at every time as a fresh one at every point: each time is looked at on its own.
    """
    group, residual = people_group(question, crowd)
    entries = [one.times(residual) for one in entries_of(question, group)]
    return concentrations(system_of(question, group), entries, times / 60, crowd.engine)


def people_group(question: Question, crowd: Crowd) -> tuple[Group, Array]:
    """The people drawn, and the factor that a measurement of each is off by."""
    if not _FEWEST <= crowd.people_count <= _MOST:
        raise InvalidInput("people", f"{crowd.people_count} is outside {_FEWEST} to {_MOST}.")
    normals = _normals(question, crowd)
    residual = residual_of(question)
    factor = np.ones(1)
    if residual:
        factor = spread_around(factor, residual, normals[residual.name])
    return drawn(typical(question), question, normals), factor


def _normals(question: Question, crowd: Crowd) -> dict[str, Array]:
    names = source_names(question)
    if not question.model.spreads:
        raise InvalidInput("model", f"how people differ is not known for {question.model.name}.")
    for name in sorted(crowd.without):
        if name not in names:
            raise InvalidInput("without", f"{name!r} is no source of it.", f"Known: {names}.")
    draw = np.random.default_rng(crowd.seed)
    found = {name: draw.standard_normal(crowd.people_count) for name in names}
    return {name: np.zeros_like(z) if name in crowd.without else z for name, z in found.items()}
