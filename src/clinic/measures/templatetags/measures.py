"""Words for templates about questionnaires."""

from django import template
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.episodes import queries as episodes
from clinic.measures import daily, queries
from clinic.measures.models import Assignment, QuestionnaireResponse
from clinic.measures.own_words import MOMENT
from clinic.people.models import Patient
from kapstone import instruments
from kapstone.schedule import State
from kapstone.wording import Line

register = template.Library()


@register.filter
def questionnaire(instrument: str) -> str:
    """The name people know it by."""
    return instruments.load(instrument).name


@register.filter
def asked_as(instrument: str) -> str:
    """The name by which a patient is asked: our own check-in in the language of the page."""
    return _("How you are now") if instrument == MOMENT else questionnaire(instrument)


@register.filter
def band_words(response: QuestionnaireResponse) -> str:
    """The severity band of the main score, in words; empty without a score."""
    return (response.bands.get(_main(response)) or "").replace("_", " ")


@register.filter
def main_value(response: QuestionnaireResponse) -> float | None:
    """The score that is followed over time; none without one."""
    value: float | None = response.scores.get(_main(response))
    return value


@register.filter
def yesno_or_value(value: object) -> object:
    """A flag as a word, anything else as it is."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


@register.filter
def verdict(response: QuestionnaireResponse) -> str:
    """Every score of an instrument that gives a category, in words."""
    said = (
        f"{name.replace('_', ' ')} {'no score' if value is None else yesno_or_value(value)}"
        for name, value in response.scores.items()
    )
    return ", ".join(said)


@register.filter
def beside(response: QuestionnaireResponse) -> str:
    """What a reader must know beside the main score."""
    return str(response.marks.get(_main(response), ""))


@register.filter
def answers_beside(line: Line) -> list[tuple[int, str, str]]:
    """Each answer of imported wording: its value, its words, our own label of that value."""
    labels = {choice.value: choice.label for choice in line.item.choices}
    return [(value, words, labels.get(value, "")) for value, words in line.choices]


@register.filter
def highest(response: QuestionnaireResponse) -> int | None:
    """The highest main score there is; none where the instrument has no such score."""
    main = instruments.load(response.instrument, response.instrument_version).main_score
    return main.maximum if main else None


def _main(response: QuestionnaireResponse) -> str:
    return instruments.load(response.instrument, response.instrument_version).main or ""


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
def asked_daily(patient: Patient) -> str:
    """Whether a person is asked every day: yes or no, and nothing of somebody not in care."""
    if episodes.open_episode(patient) is None:
        return ""
    return "yes" if daily.is_wished(patient) else "no"


@register.simple_tag
def waiting_for_answer(patient: Patient) -> QuerySet[Assignment]:
    """What a person has been asked and has not sent."""
    return queries.open_assignments(patient, timezone.now())
