"""Dose orders: what was ordered, in mg, mg/kg and mL, and the limits it is held against.

Nothing here proposes a dose. No clinician has reviewed the limits.
"""

from kapstone.dose.allowed import Allowed, allowed, reassess_reached
from kapstone.dose.checking import HardLimits, check, rows_for
from kapstone.dose.entry import Entry, Outcome, compare
from kapstone.dose.lowering import refuse_unless_lower
from kapstone.dose.order import (
    FORMULATIONS,
    SOLID,
    ChildPugh,
    Formulation,
    Order,
    PreviousDose,
    Product,
    Route,
    SaltOrBase,
    Sex,
    Situation,
    WeightBasis,
)
from kapstone.dose.reading import read_order
from kapstone.dose.result import BasisDose, DoseCheck, State, Unknown
from kapstone.dose.rows import rest_between_devices
from kapstone.dose.weight import differs_much

__all__ = [
    "FORMULATIONS",
    "SOLID",
    "Allowed",
    "BasisDose",
    "ChildPugh",
    "DoseCheck",
    "Entry",
    "Formulation",
    "HardLimits",
    "Order",
    "Outcome",
    "PreviousDose",
    "Product",
    "Route",
    "SaltOrBase",
    "Sex",
    "Situation",
    "State",
    "Unknown",
    "WeightBasis",
    "allowed",
    "check",
    "compare",
    "differs_much",
    "read_order",
    "reassess_reached",
    "refuse_unless_lower",
    "rest_between_devices",
    "rows_for",
]
