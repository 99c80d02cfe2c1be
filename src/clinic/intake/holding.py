"""Why a positive answer to the suicide screener stands although a newer one is lower (SUI-R1)."""

from collections.abc import Mapping

from django.utils import timezone
from django.utils.formats import date_format

from clinic.intake import known
from clinic.people.models import Patient

ONLY = (
    "Feeling better lowers nothing (SUI-R1). Only the whole screener, asked again by a clinician "
    "and finished, can lower it."
)


def held_back(patient: Patient) -> Mapping[str, str]:
    """In words, by key: each answer that stands as yes although it was told otherwise since."""
    latest = known.latest_answers(patient)
    if not any(key.startswith("cssrs.") for key in latest):
        return {}
    whole = known.whole_screener(patient)
    positive = [item for item, told in whole.answers.items() if told is True] if whole else []
    found = {}
    for answer in (latest.get(f"cssrs.{item}") for item in positive):
        if whole is None or answer is None or answer.value is True:
            continue
        said = "No" if answer.value is False else "declined"
        told_on = date_format(timezone.localtime(answer.observed_at), "M j, Y")
        asked_on = date_format(timezone.localtime(whole.at), "M j, Y")
        found[answer.key] = (
            f"It stands since the whole screener of {asked_on}; the answer of {told_on} is "
            f"{said}. {ONLY}"
        )
    return found
