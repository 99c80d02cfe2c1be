"""How they said they were around a dose, by link: before it, that evening, and the days after."""

from datetime import datetime, timedelta

from clinic.measures import actions, daily
from clinic.site.seeds.person import Person

ASKED_OF = (0, 1, 2, 3, 4)  # those in the middle of their series
BEFORE, AFTER = timedelta(minutes=40), (4, 24, 72)
SPEAKS_SPANISH = 3
WISHES_DAILY = 0
LEFT_OUT = (2, 24)  # of this person, at this hour, nothing came
LIVES = timedelta(hours=8)
# Hours after a dose → how much better than before. Invented.
BETTER = {0: 0, 4: 2, 24: 3, 72: 2}


def before(person: Person, at: datetime) -> None:
    """The nurse hands over the link before the dose."""
    _answer(person, 0, at)


def after(hours: int, person: Person, at: datetime) -> None:
    """What came so many hours after a dose."""
    if (person.number, hours) != LEFT_OUT:
        _answer(person, hours, at)


def hours_of(person: Person, number: int) -> tuple[int, ...]:
    """The hours at which a dose asks; three days after it, only where the next is not that day."""
    on = person.drawn.doses[number].on
    following = person.drawn.doses[number + 1 : number + 2]
    soon = any(following_dose.on - on <= timedelta(days=3) for following_dose in following)
    return AFTER[:-1] if soon else AFTER


def wish(person: Person, at: datetime) -> None:
    """Asked every day from now on, as the person wishes."""
    daily.wish(patient=person.patient, wanted=True, by=person.team.nurse.user, at=at)


def _answer(person: Person, hours: int, at: datetime) -> None:
    drawn, better = person.number, BETTER[hours]
    told = {
        "mood": min(10, 3 + drawn % 2 + better), "anxiety": max(0, 6 - drawn % 3 - better),
        "thoughts": 0, "danger": 0, "sleep": 5 + better // 2, "driven": 0,
        "bother": 3 if hours == 4 else 0, "urinary": 0,
    }  # fmt: skip
    assignment, _ = actions.ask(
        patient=person.patient,
        instrument="moment",
        closes_at=at + LIVES,
        by=person.team.nurse.user if not hours else None,
        at=at - timedelta(minutes=2),
    )
    for item, value in told.items():
        actions.save_answer(assignment=assignment, item=item, value=value, at=at)
    actions.submit_answers(assignment=assignment, at=at)
