"""An order that was signed before this clinic lowered the hard limit below its dose."""

from decimal import Decimal
from uuid import UUID

from clinic.content import hard_limits
from clinic.planning.models import Order
from kapstone.limits import Bound


def since(order_id: UUID) -> str:
    """What to say of it, in words that tell nobody the dose; nothing where the dose is inside."""
    set_here = hard_limits.in_force()
    if not set_here:
        return ""
    order = Order.objects.get(pk=order_id)
    choice = set_here.get(str(order.limits["rule"]))
    if choice is None or not _above(order, choice.bound):
        return ""
    return (
        f"The order is above the hard limit that this clinic has set since it was signed "
        f"({order.limits['rule']}: {hard_limits.words(choice)}, {choice.by.name}). It keeps the "
        "limits it was signed under: ask the prescriber before it is given."
    )


def _above(order: Order, own: Bound | None) -> bool:
    weight_kg = Decimal(str(order.limits["weight_kg"]))
    return own is not None and order.dose_mg > own.in_mg(weight_kg)
