"""An order that was signed before this clinic lowered the hard limit below its dose."""

from decimal import Decimal
from uuid import UUID

from clinic.content import hard_limits
from clinic.planning.models import Order


def running(order_id: UUID) -> str:
    """What to say of an order in force, in words that tell nobody its dose; else nothing."""
    since = _since(order_id)
    keeps = "It keeps the limits it was signed under: ask the prescriber before it is given."
    return f"{since} {keeps}" if since else ""


def waiting(order_id: UUID) -> str:
    """Why one that waits cannot be signed as the second; else nothing."""
    since = _since(order_id)
    return f"{since} A prescriber writes the order anew." if since else ""


def _since(order_id: UUID) -> str:
    set_here = hard_limits.in_force()
    if not set_here:
        return ""
    order = Order.objects.get(pk=order_id)
    rule, weight_kg = str(order.limits["rule"]), Decimal(str(order.limits["weight_kg"]))
    choice = set_here.get(rule)
    if choice is None or choice.bound is None or order.dose_mg <= choice.bound.in_mg(weight_kg):
        return ""
    return (
        "The order is above the hard limit that this clinic has set since it was signed "
        f"({rule}: {hard_limits.words(choice)}, {choice.by.name})."
    )
