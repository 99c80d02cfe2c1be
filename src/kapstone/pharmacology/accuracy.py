"""The defaults held against what was observed, row by row: ``observed.csv``, ``acceptance.csv``.

The same rules for every row: the default model of the row's form and way; the row's
own blood where it names one, else the model's; a row's mean weight where it has one, else 70 kg;
an area without an end is the whole area; peaks on a grid of one minute.
"""

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

import numpy as np

from kapstone.pharmacology.asking import Analyte, Options
from kapstone.pharmacology.doses import Ancestry, Dose, Person
from kapstone.pharmacology.models import Form, Matrix, Way
from kapstone.pharmacology.rows import default
from kapstone.pharmacology.simulating import simulate, summary

_WAYS = {
    "iv_infusion": Way.IV,
    "im": Way.IM,
    "oral": Way.ORAL,
    "oral_prolonged_release": Way.ORAL_PROLONGED,
    "sublingual": Way.SUBLINGUAL,
    "intranasal": Way.INTRANASAL,
}
_ANCESTRY = {"Asian non-Japanese": Ancestry.ASIAN, "Japanese": Ancestry.JAPANESE}
_DEVICE_MG = 28
_WHOLE_MIN = 100_000.0


@dataclass(frozen=True, slots=True)
class Row:
    """One published number beside what the default predicts for it."""

    row_id: str
    study: str
    what: str
    role: str
    chosen_on: str
    assumed: str
    source: str
    mark: str
    observed_value: float
    predicted_value: float

    @property
    def ratio(self) -> float:
        """Predicted over observed."""
        return self.predicted_value / self.observed_value


@cache
def rows(name: str = "observed.csv") -> tuple[Row, ...]:
    """Every row that a curve can be held against."""
    text = files("kapstone.pharmacology").joinpath(name).read_text(encoding="utf-8")
    wanted = {"scored", "published", "acceptance"}
    return tuple(_row(row) for row in csv.DictReader(text.splitlines()) if row["role"] in wanted)


@cache
def left_out() -> tuple[tuple[str, str], ...]:
    """(row, reason) of the rows that are not held against a curve."""
    text = files("kapstone.pharmacology").joinpath("observed.csv").read_text(encoding="utf-8")
    table = csv.DictReader(text.splitlines())
    return tuple((row["row_id"], row["assumed"]) for row in table if row["role"] == "left_out")


def fold_error(found: Iterable[Row]) -> float:
    """Geometric mean of the fold errors; 1 is exact."""
    return math.exp(float(np.mean([abs(math.log(row.ratio)) for row in found])))


def _row(row: dict[str, str]) -> Row:
    return Row(
        row_id=row["row_id"],
        study=row["study_key"],
        what=_what(row),
        role=row["role"],
        chosen_on=row["chosen_on"],
        assumed=row["assumed"],
        source=row["source"],
        mark=row["verification"].replace("_", " "),
        observed_value=float(row["value"]),
        predicted_value=predicted(row),
    )


def _what(row: dict[str, str]) -> str:
    amount = f"{row['dose_mg']} mg" if row["dose_mg"] else f"{row['dose_mg_per_kg']} mg/kg"
    at = f" at {row['time_min']} min" if row["metric"] == "conc" else ""
    way = row["route"].replace("_", " ")
    blood, people = row["matrix_site"] or "blood not stated", row["population"]
    return f"{row['analyte']}, {amount} {way}, {row['metric']}{at}, {blood}; {people}".strip("; ")


def predicted(row: dict[str, str]) -> float:
    """What the default predicts for a row, in the row's own unit."""
    form = Form.ESKETAMINE if row["form"] == "S" else Form.RACEMATE
    way, weight_kg = _WAYS[row["route"]], Decimal(row["weight_kg"])
    person = Person(
        age_y=Decimal(45),
        weight_kg=weight_kg,
        ancestry=next(
            (a for name, a in _ANCESTRY.items() if row["population"].endswith(name)), None
        ),
    )
    amount_mg = Decimal(row["dose_mg"] or Decimal(row["dose_mg_per_kg"]) * weight_kg)
    sprayed = form is Form.ESKETAMINE and way is Way.INTRANASAL
    dose = Dose(
        amount_mg=amount_mg,
        way=way,
        form=form,
        infusion_min=float(row["infusion_min"] or 0),
        devices=int(amount_mg / _DEVICE_MG) if sprayed else 1,
    )
    options = Options(
        analyte=Analyte(row["analyte"].lower().replace("-", "_")),
        matrix=next((one for one in Matrix if one in row["matrix_site"]), None),
    )
    return _read(row, dose, person, options)


def _read(row: dict[str, str], dose: Dose, person: Person, options: Options) -> float:
    model, metric = default(dose.form, dose.way), row["metric"]
    curve = simulate(model, [dose], person, _times(metric, row["time_min"]), options)
    if metric == "Cmax":
        return summary(curve).cmax_ng_per_ml
    if metric == "conc":
        return float(curve.conc_ng_per_ml[-1])
    return float(curve.area_ng_h_per_ml[-1])


def _times(metric: str, time_min: str) -> Sequence[float]:
    if metric == "Cmax":
        return [float(minute) for minute in range(1441)]
    if metric == "conc":
        return [float(time_min)]
    ends = {"AUC": _WHOLE_MIN, "AUC0-24": 1440.0}
    return [0.0, ends.get(metric) or float(metric.removeprefix("AUC0-"))]
