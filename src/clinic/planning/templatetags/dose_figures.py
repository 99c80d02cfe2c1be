"""Figures of a dose as they are safe to read."""

from decimal import Decimal

from django import template

from kapstone.dose.treatment import treatment

register = template.Library()


@register.filter
def figure(value: Decimal | float | None) -> str:
    """A number without a trailing zero and never without a leading one: 5, not 5.0; 0.5, not .5."""
    if value is None:
        return "not known"
    shown = f"{Decimal(str(value)):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


@register.filter
def indication_name(indication_id: str) -> str:
    """The words of an indication."""
    return treatment().indication(indication_id).name


@register.filter
def dose_model_name(dose_model_id: str) -> str:
    """The words of a dose model."""
    return treatment().dose_model(dose_model_id).name
