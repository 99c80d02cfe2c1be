"""What the room keeps, one noun a file."""

from clinic.planning.models.consents import Consent, ConsentReconfirmation, ConsentWithdrawal
from clinic.planning.models.orders import Order, OrderCancellation, SecondSignature
from clinic.planning.models.plans import Plan

__all__ = [
    "Consent",
    "ConsentReconfirmation",
    "ConsentWithdrawal",
    "Order",
    "OrderCancellation",
    "Plan",
    "SecondSignature",
]
