"""An order as a prescriber types it, held against its limits with what is known of the person."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import TextChoices

from clinic.planning import known
from clinic.planning.models import Plan
from kapstone import dose
from kapstone.dose import DoseCheck, Formulation, PreviousDose, SaltOrBase, WeightBasis


class Unit(TextChoices):
    """What the one typed figure means."""

    MG = "mg", "mg, in all"
    MG_PER_KG = "mg/kg", "mg/kg, for each kilogram of weight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One figure and what goes with it. `seen`: the figures that stood on the screen."""

    order_id: UUID
    dose_value: Decimal
    unit: Unit
    concentration_mg_per_ml: Decimal
    infusion_min: int | None
    weight_basis: WeightBasis | None
    last_ae_grade: int | None
    last_bp_ok: bool | None
    last_tolerated: bool | None
    rationale: str
    seen: str


@dataclass(frozen=True, slots=True)
class Judged:
    """An order with what the core says of it."""

    order: dose.Order
    facts: known.Facts
    check: DoseCheck

    @property
    def seen(self) -> str:
        """What a signature stands for: it signs these figures and no others."""
        shown = self.check
        weight = f"{self.order.weight_kg} kg {self.order.weight_basis or ''}"
        doses = f"{shown.dose_mg} mg, {shown.dose_mg_per_kg} mg/kg, {shown.volume_ml} mL"
        return f"{doses}, {weight}, {self.order.infusion_min} min, {shown.state}"


def judge(plan: Plan, typed: Typed, at: datetime) -> Judged:
    """Hold an order against its limits. Nothing is written.

    Raises `InvalidInput` for figures that cannot be right and `UnknownContent` where this release
    holds no limits for the product and route.
    """
    facts = known.facts(plan, at)
    measured = asdict(facts)
    del measured["weight_measured_at"]
    figure = "dose_mg" if typed.unit == Unit.MG else "dose_mg_per_kg"
    order = dose.Order(
        **measured
        | {
            figure: typed.dose_value,
            "product": dose.Product(plan.product),
            "route": dose.Route(plan.route),
            "indication_id": plan.indication_id,
            "formulation": Formulation.SOLUTION,
            "salt_or_base": SaltOrBase.BASE,
            "concentration_mg_per_ml": typed.concentration_mg_per_ml,
            "infusion_min": None if typed.infusion_min is None else Decimal(typed.infusion_min),
            "weight_basis": typed.weight_basis,
            "previous": _with_last(facts.previous, typed),
        }
    )
    return Judged(order, facts, dose.check(order))


def _with_last(previous: tuple[PreviousDose, ...], typed: Typed) -> tuple[PreviousDose, ...]:
    if not previous:
        return ()
    grade = None if typed.last_ae_grade is None else Decimal(typed.last_ae_grade)
    last = replace(
        previous[-1],
        max_ae_grade=grade,
        bp_ok=typed.last_bp_ok,
        tolerated=typed.last_tolerated,
    )
    return (*previous[:-1], last)
