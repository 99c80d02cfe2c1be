"""Words for the templates of the chart."""

from django import template

from clinic.chart.momentary import Said
from clinic.chart.table import Helpers, by
from clinic.measures.models import QuestionnaireResponse

register = template.Library()


@register.filter
def after_dose(said: Said) -> str:
    """How long after the dose, in hours and minutes."""
    minutes = int(said.after.total_seconds()) // 60
    return f"{minutes // 60} h {minutes % 60:02} min"


@register.simple_tag
def said_of(said: Said, name: str) -> str:
    """A number and its change since before the dose."""
    if name not in said.scores:
        return "not answered"
    if name not in said.change:
        return str(said.scores[name])
    return f"{said.scores[name]} ({said.change[name]:+})".replace("-", "−").replace("+0", "0")


@register.simple_tag
def by_whom(row: QuestionnaireResponse, helpers: Helpers) -> str:
    """Whose hand an answer is."""
    return by(row, helpers)
