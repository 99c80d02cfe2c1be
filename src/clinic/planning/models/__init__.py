"""What the room keeps, one noun a file."""

from clinic.planning.models.consents import (
    Consent,
    ConsentReconfirmation,
    ConsentWithdrawal,
    InterpreterWay,
    WitnessWhy,
)
from clinic.planning.models.orders import Order, OrderCancellation, SecondSignature
from clinic.planning.models.plans import Plan
from clinic.planning.models.requests import TakeHomeRequest
from clinic.planning.models.standing import StandingOrder, StandingSignature, StandingWithdrawal

__all__ = [
    "Consent",
    "ConsentReconfirmation",
    "ConsentWithdrawal",
    "InterpreterWay",
    "Order",
    "OrderCancellation",
    "Plan",
    "SecondSignature",
    "StandingOrder",
    "StandingSignature",
    "StandingWithdrawal",
    "TakeHomeRequest",
    "WitnessWhy",
]
