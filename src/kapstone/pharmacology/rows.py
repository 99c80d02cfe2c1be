"""``models.toml`` as frozen models, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NotRequired, TypedDict

from kapstone.errors import UnknownContent
from kapstone.pharmacology.models import Arm, Form, Input, Kind, Matrix, Model, Spread, Way

_SpreadRow = tuple[str, str, float, str]


class _InputRow(TypedDict):
    confidence: str
    esketamine_confidence: NotRequired[str]
    mark: str
    source: list[str]
    note: str
    only_if_accepted: NotRequired[bool]
    values: NotRequired[dict[str, float]]
    variability: NotRequired[list[_SpreadRow]]


class _ModelRow(TypedDict):
    name: str
    structure: str
    population: str
    mark: str
    source: list[str]
    forms: list[str]
    matrix: str
    default_age_y: float
    age_y: tuple[float, float]
    weight_kg: tuple[float, float]
    reference_kg: float
    volume_power: float
    clearance_power: float
    late_h: float
    calibrated: str
    caution: str
    parameters: NotRequired[dict[str, float]]
    per_min: NotRequired[dict[str, float]]
    variability: NotRequired[list[_SpreadRow]]
    ancestry: NotRequired[dict[str, dict[str, float]]]
    aging: NotRequired[dict[str, float]]
    route: dict[str, _InputRow]


@dataclass(frozen=True, slots=True)
class Content:
    """Every model of one version."""

    version: str
    constants: Mapping[str, float]
    sources: Mapping[str, str]
    arm: Arm
    also: Mapping[str, str]
    models: Mapping[str, Model]
    defaults: Mapping[tuple[Form, Way], str]


@cache
def content() -> Content:
    """The models of this release."""
    text = files("kapstone.pharmacology").joinpath("models.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    version, arm = document["version"], document["venous"]
    return Content(
        version=version,
        constants=document["constants"],
        sources=document["sources"],
        arm=Arm(arm["slow_fraction"], arm["quick_min"], arm["slow_min"]),
        also=document["also"],
        models={key: _model(key, version, row) for key, row in document["model"].items()},
        defaults={
            (Form(row["form"]), Way(way)): row["model"]
            for row in document["default"]
            for way in row["routes"]
        },
    )


def load(model_id: str) -> Model:
    """One model by its key, or by the longer key that `also` lists.

    Raises
    ------
    UnknownContent
        where there is none of that name; the message lists those there are.
    """
    held = content().models
    model_id = content().also.get(model_id, model_id)
    if model_id not in held:
        raise UnknownContent(f"model: {model_id!r} is not known. Known: {', '.join(held)}.")
    return held[model_id]


def default(form: Form, way: Way) -> Model:
    """The model used where nobody chose one.

    Raises
    ------
    UnknownContent
        where none takes this form by this way.
    """
    chosen = content().defaults.get((form, way))
    if chosen is None:
        raise UnknownContent(f"model: there is none for {form} by the way `{way}`.")
    return load(chosen)


def _model(key: str, version: str, row: _ModelRow) -> Model:
    aging = dict(row.get("aging", {}))
    return Model(
        id=key,
        name=row["name"],
        version=version,
        structure=row["structure"],
        population=row["population"],
        mark=row["mark"],
        source=tuple(row["source"]),
        forms=tuple(map(Form, row["forms"])),
        matrix=Matrix(row["matrix"]),
        default_age_y=row["default_age_y"],
        age_y=(row["age_y"][0], row["age_y"][1]),
        weight_kg=(row["weight_kg"][0], row["weight_kg"][1]),
        reference_kg=row["reference_kg"],
        volume_power=row["volume_power"],
        clearance_power=row["clearance_power"],
        late_h=row["late_h"],
        calibrated=row["calibrated"],
        caution=row["caution"],
        values=row.get("parameters") or _from_rates(row["per_min"], row["reference_kg"]),
        spreads=_spreads(row.get("variability", [])),
        ancestry=row.get("ancestry", {}),
        aging_from_y=aging.pop("from_y", 0.0),
        aging=aging,
        inputs={Way(way): _input(Way(way), each) for way, each in row["route"].items()},
    )


def _input(way: Way, row: _InputRow) -> Input:
    confidence = row["confidence"]
    return Input(
        way=way,
        confidence={
            Form.RACEMATE: confidence,
            Form.ESKETAMINE: row.get("esketamine_confidence", confidence),
        },
        mark=row["mark"],
        source=tuple(row["source"]),
        note=row["note"],
        only_if_accepted=row.get("only_if_accepted", False),
        values=row.get("values", {}),
        spreads=_spreads(row.get("variability", [])),
    )


def _spreads(rows: list[_SpreadRow]) -> tuple[Spread, ...]:
    return tuple(Spread(name, Kind(kind), ratio, mark) for name, kind, ratio, mark in rows)


def _from_rates(per_min: Mapping[str, float], reference_kg: float) -> dict[str, float]:
    """Volumes and clearances from rates per minute and a central volume per kilogram."""
    central = per_min["V1_per_kg"] * reference_kg
    values = {"V1": central, "CL": per_min["k10"] * 60 * central}
    for one in ("2", "3"):
        if f"k1{one}" in per_min:
            values[f"Q{one}"] = per_min[f"k1{one}"] * 60 * central
            values[f"V{one}"] = values[f"Q{one}"] / (per_min[f"k{one}1"] * 60)
    return values
