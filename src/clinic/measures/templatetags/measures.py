"""Words for templates about questionnaires."""

from django import template
from django.db.models import QuerySet
from django.utils import timezone

from clinic.measures import queries
from clinic.measures.models import Assignment, QuestionnaireResponse
from clinic.people.models import Patient
from kapstone import instruments
from kapstone.schedule import State

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


_LOOKS = {
    State.AHEAD: ("quiet", "clock"),
    State.DUE: ("care", "clock"),
    State.SENT: ("note", "next"),
    State.HANDED_OVER: ("note", "next"),
    State.OPENED: ("note", "eye"),
    State.ANSWERED: ("good", "tick"),
    State.MISSED: ("warn", "warn"),
    State.NOT_APPLICABLE: ("quiet", "close"),
}


@register.inclusion_tag("site/parts/pill.html")
def due_state(state: State) -> dict[str, dict[str, str]]:
    """What became of something due, as a word with a shape."""
    tone, icon = _LOOKS[state]
    return {"look": {"words": state.capitalize(), "tone": tone, "icon": icon}}


@register.simple_tag
def waiting_for_answer(patient: Patient) -> QuerySet[Assignment]:
    """What a person has been asked and has not sent."""
    return queries.open_assignments(patient, timezone.now())
