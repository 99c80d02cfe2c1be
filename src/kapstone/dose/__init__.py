"""Dose orders: what was ordered, in mg, mg/kg and mL, and the limits it is held against.

Nothing here proposes a dose. No clinician has reviewed the limits.
"""

from kapstone.dose.checking import check
from kapstone.dose.entry import Entry, Outcome, compare
from kapstone.dose.order import (
    ChildPugh,
    Formulation,
    Order,
    PreviousDose,
    Product,
    Route,
    SaltOrBase,
    Sex,
    WeightBasis,
)
from kapstone.dose.reading import read_order
from kapstone.dose.result import BasisDose, DoseCheck, State, Unknown
from kapstone.dose.weight import differs_much

__all__ = [
    "BasisDose",
    "ChildPugh",
    "DoseCheck",
    "Entry",
    "Formulation",
    "Order",
    "Outcome",
    "PreviousDose",
    "Product",
    "Route",
    "SaltOrBase",
    "Sex",
    "State",
    "Unknown",
    "WeightBasis",
    "check",
    "compare",
    "differs_much",
    "read_order",
]
