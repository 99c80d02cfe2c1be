"""What a plan may name: indications and dose models, as committed rows.

Source: each row of ``treatment.toml`` names its own. No clinician has reviewed them.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from kapstone.errors import UnknownContent


class Ask(StrEnum):
    """What planning for an indication asks beyond the plan itself."""

    NOTHING = "nothing"
    RATIONALE = "rationale"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indication:
    """What is treated, how good the evidence is, and which questionnaires can be its baseline."""

    id: str
    name: str
    evidence: str
    note: str
    ask: Ask
    baseline: tuple[str, ...]
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseModel:
    """How dose and therapy belong together, and the products and routes it is used with.

    The counts are of visits that it recommends, before the first dose and within two weeks of each.
    structures: the ways of working that the note of an integration visit begins with.
    """

    id: str
    name: str
    level: str
    therapist: str
    products: tuple[str, ...]
    routes: tuple[str, ...]
    preparation_visits_count: int
    integration_visits_count: int
    structures: tuple[str, ...]
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Treatment:
    """One published version of the rows, by id."""

    version: str
    indications: Mapping[str, Indication]
    dose_models: Mapping[str, DoseModel]
    sources: Mapping[str, str]

    def indication(self, indication_id: str) -> Indication:
        """One indication. Raises `UnknownContent` where this release holds none of the id."""
        if indication_id not in self.indications:
            raise UnknownContent(f"{indication_id}: this release holds no such indication.")
        return self.indications[indication_id]

    def dose_model(self, dose_model_id: str) -> DoseModel:
        """One dose model. Raises `UnknownContent` where this release holds none of the id."""
        if dose_model_id not in self.dose_models:
            raise UnknownContent(f"{dose_model_id}: this release holds no such dose model.")
        return self.dose_models[dose_model_id]


@cache
def treatment() -> Treatment:
    """The indications and dose models of this release."""
    text = files("kapstone.dose").joinpath("treatment.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    for row in (*document["indication"], *document["dose_model"]):
        row.update({key: tuple(value) for key, value in row.items() if isinstance(value, list)})
    for row in document["indication"]:
        row["ask"] = Ask(row["ask"])
    return Treatment(
        version=document["version"],
        indications={row["id"]: Indication(**row) for row in document["indication"]},
        dose_models={row["id"]: DoseModel(**row) for row in document["dose_model"]},
        sources=document["sources"],
    )
