"""Why something stands although the answer that was told says otherwise."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from clinic.episodes import queries as episodes
from clinic.intake import known
from clinic.intake.known import Latest
from clinic.measures import queries as measures
from clinic.people.models import Patient

ONLY = (
    "Feeling better lowers nothing (SUI-R1). Only the whole screener, asked again by a clinician "
    "and finished, can lower it."
)


def held_back(patient: Patient) -> Mapping[str, str]:
    """In words, by key: each fact that is not what was told of it last."""
    latest = known.latest_answers(patient)
    return _screener(patient, latest) | _exposure(patient, latest)


def _exposure(patient: Patient, latest: Latest) -> dict[str, str]:
    """A dose given here is no first one any more, whatever was told at intake."""
    told, given = latest.get("first_exposure"), episodes.doses(patient)
    if told is None or told.value is not True or not given:
        return {}
    told_on, given_on = _day(told.observed_at), _day(given[0].started_at)
    return {told.key: f"A dose was given here on {given_on}. Told on {told_on}: Yes."}


def _day(when: datetime) -> str:
    return date_format(timezone.localtime(when), "M j, Y")


def _screener(patient: Patient, latest: Latest) -> dict[str, str]:
    """A positive answer to the suicide screener although a newer one is lower (SUI-R1)."""
    found = {}
    sheets = measures.read_in_screening(patient)
    for key, since in known.held_screener(patient, latest, sheets).items():
        answer = latest.get(key)
        if answer is None or answer.value is True:
            continue
        said = "No" if answer.value is False else "declined"
        told_on, asked_on = _day(answer.observed_at), _day(since.at)
        found[key] = (
            f"It stands since {since.words} of {asked_on}; the answer of {told_on} is {said}. "
            f"{ONLY}"
        )
    return found
