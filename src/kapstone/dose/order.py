"""A dose order as it was written, every figure inside its physical range."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum

from kapstone.errors import InvalidInput


class Product(StrEnum):
    """The drug."""

    RACEMIC = "RACEMIC"
    ESKETAMINE = "ESKETAMINE"


class Route(StrEnum):
    """How it enters the body."""

    IV = "IV"
    IM = "IM"
    SC = "SC"
    SL = "SL"
    PO = "PO"
    IN = "IN"


class Formulation(StrEnum):
    """What it is made up as."""

    SOLUTION = "solution"
    LOZENGE = "lozenge"
    ODT = "odt"
    TABLET_IR = "tablet_ir"
    TABLET_PR = "tablet_pr"
    FILM = "film"
    SPRAY = "spray"


class WeightBasis(StrEnum):
    """Which weight a dose per kilogram is multiplied by."""

    ACTUAL = "actual"
    IDEAL = "ideal"
    ADJUSTED = "adjusted"


class Sex(StrEnum):
    """As the ideal weight formula asks; it knows two."""

    FEMALE = "female"
    MALE = "male"
    INTERSEX = "intersex"


class ChildPugh(StrEnum):
    """Class of liver impairment."""

    A = "A"
    B = "B"
    C = "C"


class SaltOrBase(StrEnum):
    """What the milligrams weigh. The limits are in base, as US vials are labelled."""

    SALT = "salt"
    BASE = "base"


_LIQUID = (Formulation.SOLUTION,)
_IN_THE_MOUTH = (Formulation.LOZENGE, Formulation.ODT, Formulation.FILM, Formulation.SOLUTION)
_TABLETS = (Formulation.TABLET_IR, Formulation.TABLET_PR)
SOLID = frozenset({*_IN_THE_MOUTH, *_TABLETS} - {*_LIQUID})
FORMULATIONS: Mapping[Route, tuple[Formulation, ...]] = {
    Route.IV: _LIQUID,
    Route.IM: _LIQUID,
    Route.SC: _LIQUID,
    Route.SL: (*_IN_THE_MOUTH, Formulation.TABLET_IR),
    Route.PO: (*_TABLETS, *_IN_THE_MOUTH),
    Route.IN: (Formulation.SPRAY, Formulation.SOLUTION),
}
_WEEK_BEFORE = Decimal("6.5")  # days

# key → lowest, highest, unit. Outside them a figure is a slip, not a fact.
RANGES: Mapping[str, tuple[Decimal, Decimal, str]] = {
    "dose_mg": (Decimal("0.01"), Decimal(1000), "mg"),
    "dose_mg_per_kg": (Decimal("0.001"), Decimal(20), "mg/kg"),
    "weight_kg": (Decimal(20), Decimal(400), "kg"),
    "previous_weight_kg": (Decimal(20), Decimal(400), "kg"),
    "weight_days_ago": (Decimal(0), Decimal(36500), "days"),
    "height_cm": (Decimal(90), Decimal(250), "cm"),
    "age_y": (Decimal(0), Decimal(120), "years"),
    "concentration_mg_per_ml": (Decimal("0.01"), Decimal(200), "mg/mL"),
    "volume_ml": (Decimal("0.001"), Decimal(1000), "mL"),
    "infusion_min": (Decimal(0), Decimal(10000), "min"),
    "devices": (Decimal(1), Decimal(3), "devices"),
    "course_days": (Decimal(0), Decimal(36500), "days"),
    "days_ago": (Decimal(0), Decimal(36500), "days"),
    "max_ae_grade": (Decimal(0), Decimal(5), "grade"),
}


def check_ranges(values: Mapping[str, object], path: str = "") -> None:
    """Raise `InvalidInput` for the first number outside its range."""
    for key, value in values.items():
        if not isinstance(value, Decimal):
            continue
        low, high, unit = RANGES[key]
        if not value.is_finite() or not low <= value <= high:
            problem = f"{value:.6g} is outside {low} to {high} {unit}."
            raise InvalidInput(path + key, problem, f"Give it in {unit}; leave it out if unknown.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousDose:
    """A dose given before, and how it went. None is unknown."""

    dose_mg: Decimal
    days_ago: Decimal
    max_ae_grade: Decimal | None = None
    bp_ok: bool | None = None
    tolerated: bool | None = None

    def __post_init__(self) -> None:
        """Refuse figures outside their ranges."""
        check_ranges({f.name: getattr(self, f.name) for f in fields(self)}, "previous.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """For whom, with what and why a dose is ordered. None is unknown, never no.

    `weight_basis` None means that nobody has chosen one. `course_days`: days since the first dose
    of this course. `sedative_planned`: a benzodiazepine before the dose.

    Raises
    ------
    InvalidInput
        for a figure outside its range, or earlier doses of somebody who had none.
    """

    product: Product
    route: Route
    weight_kg: Decimal | None = None
    weight_days_ago: Decimal | None = None
    previous_weight_kg: Decimal | None = None
    weight_basis: WeightBasis | None = None
    height_cm: Decimal | None = None
    sex: Sex | None = None
    age_y: Decimal | None = None
    child_pugh: ChildPugh | None = None
    first_exposure: bool | None = None
    indication_id: str | None = None
    sedative_planned: bool | None = None
    course_days: Decimal | None = None
    previous: tuple[PreviousDose, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        check_ranges({f.name: getattr(self, f.name) for f in fields(self)})
        if self.first_exposure and self.previous:
            problem = "is true, but previous names earlier doses."
            raise InvalidInput("first_exposure", problem, "Correct one of them.")

    @property
    def may_be_first(self) -> bool:
        """Whether nothing says that the person has had the drug before."""
        return self.first_exposure is not False and not self.previous

    @property
    def last(self) -> PreviousDose | None:
        """The dose before this one."""
        return min(self.previous, key=lambda dose: dose.days_ago, default=None)

    @property
    def this_week(self) -> tuple[PreviousDose, ...]:
        """The doses of the 6 days before today, to the nearest day."""
        return tuple(dose for dose in self.previous if dose.days_ago < _WEEK_BEFORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Situation):
    """One dose as ordered.

    Give `dose_mg`, `dose_mg_per_kg` or both; of both, `dose_mg` is the source and the other must
    agree, as must `volume_ml` and `devices` where they are given.

    Raises
    ------
    InvalidInput
        for a figure outside its range, no dose at all, or a form the route cannot take.
    """

    dose_mg: Decimal | None = None
    dose_mg_per_kg: Decimal | None = None
    salt_or_base: SaltOrBase | None = None
    concentration_mg_per_ml: Decimal | None = None
    volume_ml: Decimal | None = None
    infusion_min: Decimal | None = None
    devices: Decimal | None = None
    formulation: Formulation | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be an order."""
        Situation.__post_init__(self)
        if self.dose_mg is None and self.dose_mg_per_kg is None:
            raise InvalidInput("dose_mg", "no dose is given.", "Give dose_mg or dose_mg_per_kg.")
        forms = FORMULATIONS[self.route]
        if self.formulation is not None and self.formulation not in forms:
            problem = f"{self.formulation} cannot be given {self.route}."
            raise InvalidInput("formulation", problem, f"Give {' or '.join(forms)}.")
        if self.formulation in SOLID:
            for key in ("concentration_mg_per_ml", "volume_ml"):
                if getattr(self, key) is not None:
                    problem = f"a {self.formulation} has none."
                    raise InvalidInput(key, problem, "Leave it out, or give another formulation.")
        if self.product is Product.RACEMIC and self.devices is not None:
            raise InvalidInput("devices", "are counted for esketamine alone.", "Leave it out.")
