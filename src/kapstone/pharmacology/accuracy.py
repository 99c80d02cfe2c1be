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
from kapstone.pharmacology.models import Form, Matrix, Model, Way
from kapstone.pharmacology.rows import default, load
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
_ADULT_Y = 45
_HELD = frozenset({"scored", "published", "acceptance"})


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
    return tuple(_row(row) for row in csv.DictReader(text.splitlines()) if row["role"] in _HELD)


@cache
def rows_of(model_id: str) -> tuple[Row, ...]:
    """Every row that this model can be held against, whether or not it is the default of its way.

    A row of a form, way or analyte that the model does not know is left aside, so are adults for a
    model of children, and so is what a paper computed by another model. It is read in its own
    blood where the model can be, else in the model's.
    """
    model = load(model_id)
    if not model.age_y[0] <= _ADULT_Y <= model.age_y[1]:
        return ()
    found = []
    for name in ("observed.csv", "acceptance.csv"):
        text = files("kapstone.pharmacology").joinpath(name).read_text(encoding="utf-8")
        for row in csv.DictReader(text.splitlines()):
            if row["role"] in _HELD and _knows(model, row):
                found.append(_row(row, model))
    return tuple(found)


def _knows(model: Model, row: dict[str, str]) -> bool:
    form, analyte = _form(row), _analyte(row)
    given = model.inputs.get(_WAYS[row["route"]])
    one_of_both = form is Form.RACEMATE and analyte.mirror_image != ""
    own = row["role"] != "published" or default(form, _WAYS[row["route"]]) is model
    return (
        own
        and form in model.forms
        and given is not None
        and not given.only_if_accepted
        and (model.has_norketamine or not analyte.is_norketamine)
        and (Form.ESKETAMINE in model.forms or not one_of_both)
    )


@cache
def left_out() -> tuple[tuple[str, str], ...]:
    """(row, reason) of the rows that are not held against a curve."""
    text = files("kapstone.pharmacology").joinpath("observed.csv").read_text(encoding="utf-8")
    table = csv.DictReader(text.splitlines())
    return tuple((row["row_id"], row["assumed"]) for row in table if row["role"] == "left_out")


def fold_error(found: Iterable[Row]) -> float:
    """Geometric mean of the fold errors; 1 is exact."""
    return math.exp(float(np.mean([abs(math.log(row.ratio)) for row in found])))


def _form(row: dict[str, str]) -> Form:
    return Form.ESKETAMINE if row["form"] == "S" else Form.RACEMATE


def _analyte(row: dict[str, str]) -> Analyte:
    return Analyte(row["analyte"].lower().replace("-", "_"))


def _row(row: dict[str, str], model: Model | None = None) -> Row:
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
        predicted_value=predicted(row, model),
    )


def _what(row: dict[str, str]) -> str:
    amount = f"{row['dose_mg']} mg" if row["dose_mg"] else f"{row['dose_mg_per_kg']} mg/kg"
    at = f" at {row['time_min']} min" if row["metric"] == "conc" else ""
    way = row["route"].replace("_", " ")
    blood, people = row["matrix_site"] or "blood not stated", row["population"]
    return f"{row['analyte']}, {amount} {way}, {row['metric']}{at}, {blood}; {people}".strip("; ")


def predicted(row: dict[str, str], model: Model | None = None) -> float:
    """What the default, or another model, predicts for a row, in the row's own unit."""
    form = _form(row)
    way, weight_kg = _WAYS[row["route"]], Decimal(row["weight_kg"])
    person = Person(
        age_y=Decimal(_ADULT_Y),
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
    model = model or default(form, way)
    blood = next((one for one in Matrix if one in row["matrix_site"]), None)
    readable = blood is model.matrix or model.matrix is Matrix.ARTERIAL
    options = Options(analyte=_analyte(row), matrix=blood if readable else None)
    return _read(row, model, dose, person, options)


def _read(row: dict[str, str], model: Model, dose: Dose, person: Person, options: Options) -> float:
    metric = row["metric"]
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
