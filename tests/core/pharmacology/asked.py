"""Short ways to ask for a curve, for the tests of this folder."""

from decimal import Decimal

import numpy as np

from kapstone.pharmacology import Dose, Form, Person, Way

ADULT = Person(age_y=Decimal(45), weight_kg=Decimal(70))
EVERY_MINUTE = np.arange(0.0, 241.0)


def dose(mg: float | str, way: Way = Way.IV, form: Form = Form.RACEMATE, **more: float) -> Dose:
    """One dose of base."""
    return Dose(amount_mg=Decimal(str(mg)), way=way, form=form, **more)


def spray(devices: int, at_min: float = 0.0) -> Dose:
    """28 mg of esketamine a device."""
    return Dose(
        amount_mg=Decimal(28 * devices),
        way=Way.INTRANASAL,
        form=Form.ESKETAMINE,
        devices=devices,
        at_min=at_min,
    )


HALF_MG_PER_KG = dose(35, infusion_min=40)
