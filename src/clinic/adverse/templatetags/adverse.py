"""Small words of this room's pages."""

from collections.abc import ItemsView
from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format

register = template.Library()
NO_BREAK = "\N{NO-BREAK SPACE}"


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


@register.filter
def timed(at: datetime, opened_at: datetime) -> str:
    """The time of day where the clinic is, to the second; with its day where that is another one.

    A session that ran past midnight would otherwise seem to go back to its own morning.
    """
    here = timezone.localtime(at)
    if here.date() == timezone.localdate(opened_at):
        return f"{here:%H:%M:%S}"
    day = date_format(here, "M j").replace(" ", NO_BREAK)
    return f"{day}, {here:%H:%M:%S}"
