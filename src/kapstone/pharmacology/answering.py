"""The answer of `kapstone simulate` as one JSON object."""

from kapstone.pharmacology.people import PERCENT, Band, population
from kapstone.pharmacology.reading import Asked, read
from kapstone.pharmacology.rows import content
from kapstone.pharmacology.simulating import simulate, summary


def answer(document: object) -> dict[str, object]:
    """Curve, band, summary, model and warnings of the plan in a JSON object.

    Raises
    ------
    InvalidInput
        naming the key, for a plan that cannot be read or lies outside the model.
    """
    asked = read(document)
    curve = simulate(asked.model, asked.doses, asked.person, asked.times_min, asked.options)
    found = summary(curve)
    band = _band(asked)
    return {
        "times_min": curve.times_min.tolist(),
        "typical_ng_per_ml": curve.conc_ng_per_ml.tolist(),
        "bands": _levels(band) if band else {},
        "band_holds": list(band.sources) if band else [],
        "summary": {
            "cmax_ng_per_ml": found.cmax_ng_per_ml,
            "tmax_min": found.tmax_min,
            "auc_ng_h_per_ml": found.auc_ng_h_per_ml,
            "half_life_min": found.half_life_min,
        },
        "analyte": curve.question.analyte,
        "matrix": curve.question.matrix,
        "model": {
            "name": asked.model.name,
            "version": asked.model.version,
            "confidence": curve.question.confidence,
        },
        "warnings": [*curve.warnings, *_without_band(asked)],
        "version": content().version,
    }


def _band(asked: Asked) -> Band | None:
    if asked.crowd is None or not asked.model.has_band:
        return None
    given = (asked.model, asked.doses, asked.person, asked.times_min)
    return population(*given, asked.options, asked.crowd)


def _levels(band: Band) -> dict[str, list[float]]:
    rows = zip(PERCENT, band.conc_ng_per_ml, strict=True)
    return {f"p{percent:g}": row.tolist() for percent, row in rows}


def _without_band(asked: Asked) -> list[str]:
    if asked.crowd is None or asked.model.has_band:
        return []
    return [f"No band: how people differ is not known for {asked.model.name}."]
