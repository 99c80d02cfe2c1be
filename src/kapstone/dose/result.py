"""What checking an order gives back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum

from kapstone.dose.order import WeightBasis
from kapstone.findings import Finding
from kapstone.limits import Limits


class State(StrEnum):
    """What stands between the order and its signature, the mildest first."""

    WITHIN = "WITHIN"
    NEEDS_RATIONALE = "NEEDS_RATIONALE"
    NEEDS_SECOND_SIGNATURE = "NEEDS_SECOND_SIGNATURE"
    INCOMPLETE = "INCOMPLETE"
    REFUSED = "REFUSED"

    @property
    def rank(self) -> int:
        """0 for the mildest, 4 for the hardest."""
        return list(State).index(self)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact that must be given, or given again, and the rules that ask for it."""

    key: str
    needed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BasisDose:
    """The order by one of the weights it could rest on."""

    basis: WeightBasis
    weight_kg: Decimal
    dose_mg: Decimal | None
    dose_mg_per_kg: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseCheck:
    """The judgement of one order. It proposes no dose and signs nothing.

    dose_mg, dose_mg_per_kg, volume_ml: the ordered figure in its three forms, each rounded down
    (0.01 mg, 0.001 mg/kg, 0.01 mL); None where a fact for it is unknown. devices: how many, where
    drug comes in whole ones. limits: what the order was held against, to be stored with it.
    by_weight: the order by actual, ideal and adjusted weight.
    """

    state: State
    dose_mg: Decimal | None
    dose_mg_per_kg: Decimal | None
    volume_ml: Decimal | None
    devices: int | None
    limits: Limits | None
    by_weight: tuple[BasisDose, ...]
    findings: tuple[Finding, ...]
    unknown: tuple[Unknown, ...]
    version: str

    def as_json(self) -> dict[str, object]:
        """The result in the keys of the command line's contract, figures as numbers."""
        plain = {key: _plain(value) for key, value in asdict(self).items()}
        return plain | {"findings": [_plain(finding.as_json()) for finding in self.findings]}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
