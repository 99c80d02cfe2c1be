"""Words for templates about questionnaires."""

from django import template

from clinic.measures.models import QuestionnaireResponse
from kapstone import instruments

register = template.Library()


@register.filter
def questionnaire(instrument: str) -> str:
    """The name people know it by."""
    return instruments.load(instrument).name


@register.filter
def band_words(response: QuestionnaireResponse) -> str:
    """The severity band of the total, in words; empty without a score."""
    return (response.bands.get("total") or "").replace("_", " ")


@register.filter
def highest(response: QuestionnaireResponse) -> int | None:
    """The highest total there is."""
    definition = instruments.load(response.instrument, response.instrument_version)
    return next(score.maximum for score in definition.scores if score.id == "total")
