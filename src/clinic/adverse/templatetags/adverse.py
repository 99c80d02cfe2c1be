"""Small words of this room's pages."""

from collections.abc import ItemsView
from datetime import timedelta

from django import template

register = template.Library()


@register.filter
def minutes(gone: timedelta) -> str:
    """How long after the start of the dose, in minutes, or in hours from two on."""
    whole = int(gone.total_seconds()) // 60
    if whole < 0:
        return f"{-whole} min before the dose began"
    told = f"{whole} min" if whole < 120 else f"{whole // 60} h {whole % 60} min"
    return f"{told} after the dose began"


@register.filter
def pairs(held: dict[str, str]) -> ItemsView[str, str]:
    """Keys and values: in a template, .items would be a key of that name."""
    return held.items()
