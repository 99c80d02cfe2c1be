"""Facts that are counted, not told: age, doses given here, days that went by, craving by visit."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from clinic.episodes import queries as episodes
from clinic.intake.models import FactAnswer, Recorded, SuicideScreen
from clinic.measures import causes
from clinic.measures.models import QuestionnaireResponse
from clinic.people.models import Patient
from kapstone.eligibility.keys import KEYS
from kapstone.eligibility.rules import TELE_ALLOWED_UNTIL

LIFETIME = "cssrs_screener"
CRAVING = "craving_nrs"  # one figure a visit; the rules read the row of them


def day_of(row: Recorded) -> date:
    """The day on which it was seen or said, where the clinic is."""
    return timezone.localdate(row.observed_at)


def ages(key: str) -> bool:
    """Whether it counts time that went by: it grows with the calendar or the clock."""
    return key.endswith("days_ago") or key == "last_taken_h"


def as_of(answer: FactAnswer, day: date) -> object:
    """What an answer says on a later day."""
    if not ages(answer.key) or answer.value is None:
        return answer.value
    return int(answer.value) + (day - day_of(answer)).days


def person(patient: Patient, today: date) -> dict[str, object]:
    """Age in completed years, and sex."""
    born = patient.birth_date
    had = (today.month, today.day) >= (born.month, born.day)
    known: dict[str, object] = {"age_y": today.year - born.year - (not had)}
    if patient.sex in KEYS["sex"].words:
        known["sex"] = str(patient.sex)
    return known


def doses(patient: Patient, today: date, latest: Mapping[str, FactAnswer]) -> dict[str, object]:
    """Doses given here: those of the 6 days before today, and those since the person was asked.

    A dose of the same weekday a week ago does not count: three a week are three a week. Once one
    was given here the next is not the first, whatever was told at intake.
    """
    given = [dose.started_at for dose in episodes.doses(patient)]
    ago = [(today - timezone.localdate(when)).days for when in given]
    known: dict[str, object] = {"doses_last_7_days": sum(1 <= days < 7 for days in ago)}
    if given:
        known["first_exposure"] = False
    asked = latest.get("lifetime_doses")
    if asked is not None and asked.value is not None:
        known["lifetime_doses"] = asked.value + sum(when > asked.observed_at for when in given)
    return known


def cravings(rows: Iterable[FactAnswer]) -> dict[str, object]:
    """What was told at each visit, the last answer of a day, oldest first."""
    told = {day_of(row): row.value for row in sorted(rows, key=lambda row: row.observed_at)}
    figures = [figure for each in told.values() for figure in each or ()]
    return {CRAVING: figures} if figures else {}


class Since(NamedTuple):
    """What a positive answer came with, and when."""

    words: str
    at: datetime


def screeners(
    whole: SuicideScreen | None, sheets: Iterable[QuestionnaireResponse]
) -> dict[str, Since]:
    """What was positive in the last whole screener asked here, and on sheets that came since.

    Only a whole sheet about a lifetime takes anything back: neither one left incomplete, nor one
    about the time since the last contact.
    """
    found: dict[str, Since] = {}
    if whole is not None:
        since = Since("the whole screener", whole.at)
        found = {f"cssrs.{item}": since for item, told in whole.answers.items() if told is True}
        sheets = (row for row in sheets if row.observed_at > whole.at)
    for sheet in sheets:
        if sheet.instrument == LIFETIME:
            asked = causes.as_screener(sheet.instrument, sheet.answers)
            found = found if asked.unanswered else {}
        since = Since("the sheet", sheet.observed_at)
        told = causes.screener_answers(sheet.instrument, sheet.answers)
        found |= {f"cssrs.{name}": since for name, yes in told if yes}
    return found


def phq9(sheets: Iterable[QuestionnaireResponse], told: Iterable[FactAnswer]) -> dict[str, object]:
    """Figures of the last PHQ-9 answered here, unless a referral holds a newer one."""
    rows = [row for row in sheets if row.instrument == "phq9"]
    if not rows:
        return {}
    last = rows[-1]
    answers = {answer.key: answer for answer in told}
    found = {"phq9": last.scores.get("total"), "phq9_item9": last.answers.get("q9")}
    return {
        key: value
        for key, value in found.items()
        if value is not None
        and not (key in answers and answers[key].observed_at > last.observed_at)
    }


def telemedicine(known: Mapping[str, object], today: date) -> dict[str, object]:
    """Whether the exception still holds, once it was asked whether the person was seen here."""
    if "evaluated_in_person" not in known:
        return {}
    return {"tele_cs_allowed": today <= TELE_ALLOWED_UNTIL}
