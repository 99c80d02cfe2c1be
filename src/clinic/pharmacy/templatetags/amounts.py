"""Amounts as people read them."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def amount(value: Decimal | None) -> str:
    """Without trailing zeros, which read as ten times as much once the point is missed."""
    return "" if value is None else f"{value.normalize():f}"
