"""Milligrams, mg/kg, millilitres and devices of one order, all from one source figure.

The source is `dose_mg` where it is given, else `dose_mg_per_kg` times the weight. Two figures agree
when they differ by no more than one step of the rounded one or 1 % (mark P).
"""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from kapstone.dose.order import Order
from kapstone.errors import InvalidInput
from kapstone.limits import round_mg

MG_PER_KG_STEP = Decimal("0.001")
ML_STEP = Decimal("0.01")
_AGREE = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Figures:
    """The forms of a dose, exact; None where a fact for it is unknown or it has no such form."""

    dose_mg: Decimal | None
    dose_mg_per_kg: Decimal | None
    volume_ml: Decimal | None
    devices: int | None = None

    def rounded(self) -> "Figures":
        """As shown and stored: rounded down to 0.01 mg, 0.001 mg/kg and 0.01 mL."""
        return Figures(
            None if self.dose_mg is None else round_mg(self.dose_mg),
            _down(self.dose_mg_per_kg, MG_PER_KG_STEP),
            _down(self.volume_ml, ML_STEP),
            self.devices,
        )


def _down(figure: Decimal | None, step: Decimal) -> Decimal | None:
    return None if figure is None else figure.quantize(step, rounding=ROUND_DOWN)


def figures(order: Order, weight_kg: Decimal | None, device_mg: Decimal | None = None) -> Figures:
    """The figures of an order for the weight it rests on; device_mg: base in one device.

    Raises
    ------
    InvalidInput
        naming both keys, where two given figures disagree.
    """
    dose_mg, dose_mg_per_kg = order.dose_mg, order.dose_mg_per_kg
    if weight_kg is not None:
        if dose_mg_per_kg is not None:
            by_weight_mg = dose_mg_per_kg * weight_kg
            dose_mg = by_weight_mg if dose_mg is None else dose_mg
            said = f"{dose_mg_per_kg:f} mg/kg of {weight_kg:f} kg is {round_mg(by_weight_mg):f} mg"
            step_mg = MG_PER_KG_STEP * weight_kg
            _agree("dose_mg, dose_mg_per_kg", said, dose_mg, by_weight_mg, step_mg)
        if order.dose_mg is not None:
            dose_mg_per_kg = order.dose_mg / weight_kg
    devices = _devices(order, dose_mg, device_mg)
    return Figures(dose_mg, dose_mg_per_kg, _volume_ml(order, dose_mg), devices)


def _devices(order: Order, dose_mg: Decimal | None, device_mg: Decimal | None) -> int | None:
    if dose_mg is None or device_mg is None:
        return None
    if order.devices is not None:
        key = "dose_mg_per_kg" if order.dose_mg is None else "dose_mg"
        by_devices_mg = order.devices * device_mg
        said = f"{order.devices:f} devices of {device_mg:f} mg are {by_devices_mg:f} mg"
        _agree(f"{key}, devices", said, dose_mg, by_devices_mg, Decimal(0))
    return int(dose_mg // device_mg) if dose_mg % device_mg == 0 else None


def _volume_ml(order: Order, dose_mg: Decimal | None) -> Decimal | None:
    concentration = order.concentration_mg_per_ml
    if dose_mg is None or concentration is None:
        return None
    if order.volume_ml is not None:
        key = "dose_mg_per_kg" if order.dose_mg is None else "dose_mg"
        by_volume_mg = order.volume_ml * concentration
        said = f"{order.volume_ml:f} mL of {concentration:f} mg/mL is {round_mg(by_volume_mg):f} mg"
        _agree(f"{key}, volume_ml", said, dose_mg, by_volume_mg, ML_STEP * concentration)
    return dose_mg / concentration


def _agree(keys: str, said: str, dose_mg: Decimal, other_mg: Decimal, step_mg: Decimal) -> None:
    if abs(dose_mg - other_mg) > max(step_mg, dose_mg * _AGREE):
        problem = f"disagree: {said}, the dose is {round_mg(dose_mg):f} mg."
        raise InvalidInput(keys, problem, "Correct the wrong one, the weight or its basis.")
