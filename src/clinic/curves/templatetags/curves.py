"""Figures as they may be read off a curve."""

from django import template

from clinic.curves.drawing import level

register = template.Library()


@register.filter
def figures(ng_per_ml: float) -> str:
    """Two figures: more would look exact."""
    return level(ng_per_ml)
