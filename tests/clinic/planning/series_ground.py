"""A series for the tests: doses, scores, what stands against a booking."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from clinic.episodes import actions as episodes
from clinic.episodes.models import GivenDose, SeriesDecision
from clinic.measures import actions as measures
from clinic.people.models import Patient, StaffMember
from clinic.planning import actions, spacing
from tests.clinic.planning.ground import NOW

WHY = "Talked through with the person and their family."


def day(number: float) -> datetime:
    """So many days after the order."""
    return NOW + timedelta(days=number)


def dosed(person: Patient, *days: float) -> None:
    """Doses given on these days."""
    episode = person.episodes.get(ended_at__isnull=True)
    for number in days:
        dose = GivenDose(
            episode=episode,
            session_id=uuid4(),
            product="RACEMIC",
            route="IM",
            dose_mg=Decimal(35),
            started_at=day(number),
        )
        episodes.record_given_dose(dose=dose, by=None, at=day(number))


def scored(person: Patient, by: StaffMember, at: datetime, each: int) -> None:
    """A questionnaire with eight like answers: 1 is the score before the first dose."""
    answers = {f"q{n}": each for n in range(1, 9)} | {"q9": 0}
    measures.enter_answers(
        patient=person, instrument="phq9", answers=answers, observed_at=at, by=by.user, at=at
    )


def blocks(person: Patient, at: datetime, now: datetime | None = None) -> list[str]:
    """What stands against a dose, by rule."""
    found = spacing.against(person, spacing.wanted("RACEMIC", "IM", at), now or at)
    keys = [each.row.key for each in found.standings] + [each.key for each in found.holds]
    return [*(f"{each.severity} {each.band or each.code}" for each in found.findings), *keys]


def decide(person: Patient, by: StaffMember, choice: Any, at: datetime) -> SeriesDecision:
    return actions.decide_series(patient=person, choice=choice, rationale=WHY, by=by.user, at=at)
