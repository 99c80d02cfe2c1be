"""One person's predicted curve: dose and person in, concentration over time out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kapstone.errors import InvalidInput
from kapstone.pharmacology.asking import Options, Question, ask
from kapstone.pharmacology.constants import entries_of, system_of, typical
from kapstone.pharmacology.curves import areas, concentrations
from kapstone.pharmacology.doses import Dose, Person
from kapstone.pharmacology.models import Model, Way
from kapstone.pharmacology.transfer import Array

_NOT_CREDIBLE_MIN = 2.0
_MOST_TIMES = 20_000
_NOTHING = 1e-11  # ng/mL: what rounding leaves where there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """What a typical person is predicted to have in plasma. Not a measurement, not a proposal.

    Attributes
    ----------
    times_min : (times,) minutes, as asked
    conc_ng_per_ml : (times,) ng of base per mL of plasma; at the instant of a bolus, just after it
    area_ng_h_per_ml : (times,) exact area under the curve from minute 0 to each time
    credible : (times,) False in the first 2 minutes after a bolus: not to be drawn
    half_life_min : of the slowest part of the disposition
    """

    times_min: Array
    conc_ng_per_ml: Array
    area_ng_h_per_ml: Array
    credible: NDArray[np.bool_]
    half_life_min: float
    question: Question
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The highest credible value among the times asked, when it stands, and the whole area."""

    cmax_ng_per_ml: float
    tmax_min: float
    auc_ng_h_per_ml: float
    half_life_min: float


def simulate(
    model: Model,
    doses: Sequence[Dose],
    person: Person,
    times_min: Sequence[float] | Array,
    options: Options | None = None,
) -> Curve:
    """The curve of the model's typical person.

    Parameters
    ----------
    model : from `load` or `default`
    doses : of one form; each says its way in
    person : what is unknown is taken as the model's typical person, and said
    times_min : rising minutes, 0 or later
    options : what is read, and the limits of the model that the caller accepts

    Raises
    ------
    InvalidInput
        for anything outside the model that is not accepted by name, or times that do not rise.
    """
    question = ask(model, doses, person, options or Options())
    times = read_times(times_min)
    group = typical(question)
    system, entries = system_of(question, group), entries_of(question, group)
    hours = times / 60
    conc = concentrations(system, entries, hours)[:, 0]
    return Curve(
        times_min=times,
        conc_ng_per_ml=_kept(np.where(conc < _NOTHING, 0, conc)),
        area_ng_h_per_ml=_kept(areas(system, entries, hours)),
        credible=_credible(question, times),
        half_life_min=float(60 * np.log(2) / system.poles_per_h[0, 0]),
        question=question,
        warnings=(*question.warnings, *late(question, times)),
    )


def summary(curve: Curve) -> Summary:
    """Peak, its time, area and half-life of a curve.

    Raises
    ------
    InvalidInput
        where no time asked is credible.
    """
    if not curve.credible.any():
        raise InvalidInput("times_min", "lie all in the first 2 minutes.", "Ask for later ones.")
    shown = np.where(curve.credible, curve.conc_ng_per_ml, -1.0)
    peak = int(np.argmax(shown))
    return Summary(
        cmax_ng_per_ml=float(shown[peak]),
        tmax_min=float(curve.times_min[peak]),
        auc_ng_h_per_ml=float(curve.area_ng_h_per_ml[-1]),
        half_life_min=curve.half_life_min,
    )


def read_times(times_min: Sequence[float] | Array) -> Array:
    """The times as a frozen array.

    Raises
    ------
    InvalidInput
        where there is none or more than 20,000, or they do not rise from 0 on.
    """
    times = np.array(times_min, dtype=np.float64)
    if times.ndim != 1 or not 1 <= len(times) <= _MOST_TIMES:
        raise InvalidInput("times_min", f"is not a list of 1 to {_MOST_TIMES} minutes.")
    if not np.isfinite(times).all() or times[0] < 0 or (np.diff(times) <= 0).any():
        raise InvalidInput("times_min", "do not rise from 0 on.", "Give minutes in order.")
    return _kept(times)


def late(question: Question, times: Array) -> tuple[str, ...]:
    """What is to be said of a curve that goes on past what its model knows."""
    last_h = (float(times[-1]) - max(dose.at_min for dose in question.doses)) / 60
    if last_h <= question.model.late_h:
        return ()
    return (f"Beyond {question.model.late_h:g} h after a dose the curve is likely to be too low.",)


def _credible(question: Question, times: Array) -> NDArray[np.bool_]:
    credible = np.ones(len(times), dtype=np.bool_)
    for dose in question.doses:
        if dose.way is Way.IV and dose.infusion_min < _NOT_CREDIBLE_MIN:
            since = times - dose.at_min
            credible &= (since < 0) | (since >= _NOT_CREDIBLE_MIN)
    credible.flags.writeable = False
    return credible


def _kept(array: Array) -> Array:
    array.flags.writeable = False
    return array
