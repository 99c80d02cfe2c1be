"""What a model of this room is: a published one, frozen, with what was built on and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """Which of the two mirror images a milligram is made of."""

    RACEMATE = "racemate"
    ESKETAMINE = "esketamine"


class Way(StrEnum):
    """How a dose enters the body, as the models tell ways apart."""

    IV = "iv"
    IM = "im"
    SC = "sc"
    SUBLINGUAL = "sublingual"
    ORAL = "oral"
    ORAL_PROLONGED = "oral_prolonged"
    INTRANASAL = "intranasal"


class Matrix(StrEnum):
    """Which blood the plasma is of. Some papers do not say."""

    ARTERIAL = "arterial"
    VENOUS = "venous"
    NOT_STATED = "not stated"


class Kind(StrEnum):
    """What a spread is the spread of: the logarithm, by its CV or its SD, or the logit."""

    CV = "cv"
    LOG_SD = "log_sd"
    LOGIT_SD = "logit_sd"


@dataclass(frozen=True, slots=True)
class Spread:
    """One named source of variability between people."""

    name: str
    kind: Kind
    spread_ratio: float
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """How a model takes a dose by one way: its constants, their spread, how far to trust it."""

    way: Way
    confidence: Mapping[Form, str]
    mark: str
    source: tuple[str, ...]
    note: str
    only_if_accepted: bool
    values: Mapping[str, float]
    spreads: tuple[Spread, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One published model, what it was built on, and what this project chose in it.

    `values` holds volumes in L, clearances in L/h and rates in 1/h, at `reference_kg`. They scale
    with (weight / reference) to the power given for volumes and for clearances.
    """

    id: str
    name: str
    version: str
    structure: str
    population: str
    mark: str
    source: tuple[str, ...]
    forms: tuple[Form, ...]
    matrix: Matrix
    default_age_y: float
    age_y: tuple[float, float]
    weight_kg: tuple[float, float]
    reference_kg: float
    volume_power: float
    clearance_power: float
    late_h: float
    calibrated: str
    caution: str
    values: Mapping[str, float]
    spreads: tuple[Spread, ...]
    ancestry: Mapping[str, Mapping[str, float]]
    aging_from_y: float
    aging: Mapping[str, float]
    inputs: Mapping[Way, Input]

    @property
    def has_norketamine(self) -> bool:
        """Whether it follows the metabolite."""
        return "VN" in self.values

    @property
    def any_weight(self) -> bool:
        """Whether weight changes nothing in it."""
        return self.volume_power == self.clearance_power == 0

    @property
    def has_band(self) -> bool:
        """Whether its spread between people is known."""
        return bool(self.spreads)


@dataclass(frozen=True, slots=True)
class Arm:
    """The two beds that blood drawn from a vein has passed: see ``models.toml``."""

    slow_fraction: float
    quick_min: float
    slow_min: float
