"""An order as a prescriber types it, held against its limits with what is known of the person."""

from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import TextChoices

from clinic.content import hard_limits
from clinic.planning import known
from clinic.planning.models import Plan
from kapstone import dose
from kapstone.dose import (
    SOLID,
    Allowed,
    BasisDose,
    DoseCheck,
    Formulation,
    PreviousDose,
    Product,
    Route,
    SaltOrBase,
    Situation,
    WeightBasis,
)
from kapstone.errors import InvalidInput, KapstoneError


class Unit(TextChoices):
    """What the one typed figure means."""

    MG = "mg", "mg, in all"
    MG_PER_KG = "mg/kg", "mg/kg, for each kilogram of weight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One figure of the dose, a second one that must agree, and what goes with them.

    The second is the volume of a liquid, or the devices of esketamine. `seen`: the figures that
    stood on the screen.
    """

    order_id: UUID
    dose_value: Decimal
    unit: Unit
    formulation: Formulation
    salt_or_base: SaltOrBase
    concentration_mg_per_ml: Decimal | None
    volume_ml: Decimal | None
    devices: int | None
    infusion_min: int | None
    weight_basis: WeightBasis | None
    sedative_planned: bool
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
        shown, order = self.check, self.order
        weight = f"{order.weight_kg} kg {order.weight_basis or ''}"
        doses = f"{shown.dose_mg} mg, {shown.dose_mg_per_kg} mg/kg, {shown.volume_ml} mL"
        form = f"{order.formulation}, {order.salt_or_base}, {shown.devices} devices"
        sedative = ", sedative" if order.sedative_planned else ""
        return f"{doses}, {form}, {weight}, {order.infusion_min} min{sedative}, {shown.state}"


def judge(plan: Plan, typed: Typed, facts: known.Facts) -> Judged:
    """Hold an order against its limits, on what is known at that moment. Nothing is written.

    Raises `InvalidInput` for figures that cannot be right, or where the second one is missing that
    a slip in the first would not agree with, and `UnknownContent` where this release holds no
    limits.
    """
    _refuse_without_second_figure(plan, typed)
    order = _order(plan, facts, typed)
    return Judged(order, facts, dose.check(order, hard_limits.clinic_max()))


def by_weight(plan: Plan, typed: Typed, facts: known.Facts) -> tuple[BasisDose, ...]:
    """The typed figure by each weight, also while the second figure does not agree with it.

    Empty where it cannot be read at all.
    """
    alone = replace(typed, volume_ml=None, devices=None)
    try:
        return dose.check(_order(plan, facts, alone)).by_weight
    except KapstoneError:
        return ()


def _order(plan: Plan, facts: known.Facts, typed: Typed) -> dose.Order:
    figure = "dose_mg" if typed.unit == Unit.MG else "dose_mg_per_kg"
    return dose.Order(
        **_situation(plan, facts)
        | {
            figure: typed.dose_value,
            "formulation": typed.formulation,
            "salt_or_base": typed.salt_or_base,
            "concentration_mg_per_ml": typed.concentration_mg_per_ml,
            "volume_ml": typed.volume_ml,
            "devices": _decimal(typed.devices),
            "infusion_min": _decimal(typed.infusion_min),
            "weight_basis": typed.weight_basis,
            "sedative_planned": typed.sedative_planned,
            "previous": _with_last(facts.previous, typed),
        }
    )


def allowed(plan: Plan, facts: known.Facts, judged: Judged | None = None) -> tuple[Allowed, ...]:
    """What the rules allow next, with what was just typed of the last dose and the weight basis.

    Raises `UnknownContent` where this release holds no limits.
    """
    person = judged.order if judged else Situation(**_situation(plan, facts))
    return dose.allowed(person, hard_limits.clinic_max())


def _situation(plan: Plan, facts: known.Facts) -> dict[str, Any]:
    held = {name: value for name, value in asdict(facts).items() if name not in _NOT_OF_THE_CORE}
    return held | {
        "previous": facts.previous,
        "product": Product(plan.product),
        "route": Route(plan.route),
        "indication_id": plan.indication_id,
    }


_NOT_OF_THE_CORE = ("weight_measured_at", "last_session")


def _refuse_without_second_figure(plan: Plan, typed: Typed) -> None:
    if plan.product == Product.ESKETAMINE:
        if typed.devices is None:
            raise InvalidInput("devices", "is missing.", "Count the devices.")
    elif typed.formulation not in SOLID:
        for key in ("concentration_mg_per_ml", "volume_ml"):
            if getattr(typed, key) is None:
                mend = "A liquid is ordered with its concentration and the volume to draw up."
                raise InvalidInput(key, "is missing.", mend)


def _decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _with_last(previous: tuple[PreviousDose, ...], typed: Typed) -> tuple[PreviousDose, ...]:
    if not previous:
        return ()
    last = replace(
        previous[-1],
        max_ae_grade=_decimal(typed.last_ae_grade),
        bp_ok=typed.last_bp_ok,
        tolerated=typed.last_tolerated,
    )
    return (*previous[:-1], last)
