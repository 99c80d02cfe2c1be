"""What may be drawn of a prediction, and what must stand beside it. A page and a file obey alike.

Nothing is drawn in the first 2 minutes after a bolus; where the confidence is very low there is a
band and no line: a line would look exact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kapstone.pharmacology.asking import Options
from kapstone.pharmacology.doses import Dose, Person
from kapstone.pharmacology.models import Model
from kapstone.pharmacology.people import Band, Crowd, population
from kapstone.pharmacology.simulating import Curve, Summary, simulate, summary
from kapstone.pharmacology.transfer import Array

VERY_LOW = "very low"
TYPICAL = "Predicted for a typical person"
_HOLDS = {
    "V": "volumes",
    "CL": "clearance",
    "Q": "flow between tissues",
    "QH": "flow through the liver",
    "VH": "the liver's volume",
    "kel": "what the liver takes",
    "kmet": "what the liver takes",
    "direct_fraction": "the share that is absorbed",
    "direct_ka_per_h": "how quickly it is absorbed",
    "swallowed_ka_per_h": "how quickly what is swallowed is absorbed",
    "swallowed_to_blood": "how much of what is swallowed reaches the blood",
    "residual": "the error of a single measurement",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A prediction as it may be drawn.

    Attributes
    ----------
    curve, band : as predicted; `band` None where how people differ is not known
    line : whether the typical person's line may be drawn, or the band alone
    runs : the parts of the times that are credible, each a slice of at least two
    beside : what stands beside every drawing: typical person, model, confidence, blood, band
    """

    curve: Curve
    band: Band | None
    line: bool
    runs: tuple[slice, ...]
    beside: tuple[str, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the model's limits and the question make a reader need to know."""
        return self.curve.warnings

    @property
    def peak(self) -> Summary | None:
        """The typical peak, where a line may be drawn."""
        return summary(self.curve) if self.line else None

    @property
    def highest_ng_per_ml(self) -> float:
        """The highest value that is drawn."""
        tops = [self.curve.conc_ng_per_ml] if self.line else []
        tops += [self.band.conc_ng_per_ml[-1]] if self.band else []
        return float(max((top[run].max() for top in tops for run in self.runs), default=0.0))


def shown(
    model: Model,
    doses: Sequence[Dose],
    person: Person,
    times_min: Sequence[float] | Array,
    options: Options | None = None,
    crowd: Crowd | None = None,
) -> Shown:
    """The curve and its band as they may be drawn.

    Raises
    ------
    InvalidInput
        for what `simulate` refuses.
    """
    curve = simulate(model, doses, person, times_min, options)
    band = None
    if model.has_band:
        band = population(model, doses, person, times_min, options, crowd)
    question = curve.question
    return Shown(
        curve=curve,
        band=band,
        line=VERY_LOW not in question.confidence,
        runs=tuple(_runs(curve)),
        beside=(
            f"{TYPICAL}: an estimate, not a measurement.",
            f"Model {model.name}, version {model.version}. Confidence: {question.confidence}.",
            f"{question.analyte.replace('_', '-').capitalize()} in {question.matrix} plasma.",
            _band_words(band, model),
        ),
    )


def _runs(curve: Curve) -> Iterator[slice]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], curve.credible.astype(np.int8), [0]])))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first > 1:
            yield slice(int(first), int(last))


def _band_words(band: Band | None, model: Model) -> str:
    if band is None:
        return f"No band: how people differ is not known for {model.name}."
    held = dict.fromkeys(_holds(name) for name in band.sources)
    low, high = band.percent[0], band.percent[-1]
    return (
        f"Band: {high - low:g} % of {band.people_count} simulated people of this weight lie in it, "
        f"if the model is right. It holds how people differ in {', '.join(held)}."
    )


def _holds(source: str) -> str:
    name = source.rsplit(" ", maxsplit=1)[-1]
    if name.endswith("residual"):
        return _HOLDS["residual"]
    return _HOLDS.get(name) or _HOLDS.get(name.rstrip("N123CP")) or _HOLDS[name[:1]]
