"""The demo's thirty people: drawn from published figures, told through the rooms' own actions.

What happened is told in the order it happened, so that the trail reads like a real one.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from clinic.measures import actions as measures
from clinic.measures import held
from clinic.measures.hands import Hand
from clinic.measures.models import QuestionnaireResponse, SheetHand
from clinic.people.models import Patient
from clinic.people.roles import Role
from clinic.site.seeds import accounts, alerts, cupboard, moments, notes, safety
from clinic.site.seeds.person import Event, Person, days, moment, team
from clinic.site.seeds.places import way
from clinic.site.seeds.staff import member
from kapstone import instruments, synth
from kapstone.synth.timeline import SyntheticScore

SEED, COUNT = 2026, 30
UNREACHABLE = 4  # has neither phone nor e-mail
CAREFUL = 6  # says how to be called
IN_CARE_LONG, BEFORE = 8, days(84)  # so long before the others that their consent runs out soon
LINK_LIVES = timedelta(days=7)
WORDS = {CAREFUL: "No voicemail. Text only, after six in the evening."}

PRODUCTS = ("RACEMIC",)  # what an order can be held against limits for, in this release
ASKED_TODAY = range(5, 13)  # after their series: their answers of today change no clearance
HANDLED_WITHIN = timedelta(hours=2)


def fill(now: datetime) -> None:
    """Everybody's record up to this moment."""
    today, treating = timezone.localdate(now), team()
    drawn = [
        Person(one, row_of(one), treating, today)
        for one in synth.people(SEED, COUNT, today, PRODUCTS)
    ]
    long_ago = synth.people(SEED, COUNT, today - BEFORE, PRODUCTS)[IN_CARE_LONG]
    drawn[IN_CARE_LONG] = Person(long_ago, row_of(long_ago), treating, today)
    past = [event for person in drawn for event in record_of(person, now)]
    for at, tell in sorted(past, key=lambda event: event[0]):
        tell(at)
    cupboard.count_short(treating, now - timedelta(hours=2))
    alerts.mark_delivered()
    safety.say_wishes([drawn[number].patient for number in (1, 2)], treating.nurse, now)
    own_page, invited = (drawn[number].patient for number in accounts.OF)
    accounts.fill(own_page, invited, now)
    notes.fill(own_page, treating, now)
    alerts.leave_open([drawn[number].patient for number in ASKED_TODAY], treating, now)
    alerts.mark_delivered()


def record_of(person: Person, now: datetime) -> Iterator[Event]:
    """All that happened to one of them up to now, in no order."""
    yield from way(person, now)
    yield from _scores(person, now)


def row_of(one: synth.SyntheticPerson) -> Patient:
    """Their row, not kept yet."""
    who, reachable = one.who, one.number != UNREACHABLE
    return Patient(
        given_name=who.given,
        family_name=who.family,
        birth_date=who.birth_date,
        sex=who.sex,
        phone=who.phone.replace(" ", "") if reachable else "",
        email=who.email if reachable else "",
        emergency_name="Somebody Invented" if one.number % 3 else "",
        emergency_phone="+12025550199" if one.number % 3 else "",
        language="es-US" if one.number == moments.SPEAKS_SPANISH else "en-US",
        safe_contact=WORDS.get(one.number, ""),
        synthetic=True,
    )


def _scores(person: Person, now: datetime) -> Iterator[Event]:
    """The questionnaires as drawn, and what the clinic did about each alert of theirs."""
    asked = {each.id for each in held.of_the_schedule()}
    for number, score in enumerate(person.drawn.scores):
        at = moment(score.on, 10, 5 * (number % 3))
        if score.instrument not in asked or at > now - HANDLED_WITHIN:
            continue
        at_visit = any(timedelta() < score.on - dose.on < days(4) for dose in person.drawn.doses)
        spanish = person.number == moments.SPEAKS_SPANISH  # no wording of it is at hand
        tell = _on_paper if at_visit or spanish or (person.number + number) % 4 == 0 else _by_link
        yield at, partial(tell, person.patient, score)
        yield at + timedelta(minutes=20), partial(alerts.handle, person.patient, person.team)


def _on_paper(patient: Patient, score: SyntheticScore, at: datetime) -> None:
    sheet = QuestionnaireResponse(
        patient=patient, instrument=score.instrument, observed_at=at - timedelta(minutes=15)
    )
    measures.enter_sheet(
        sheet=sheet,
        answers=_answers(score),
        hand=Hand(SheetHand.Kind.SELF),
        by=member(Role.NURSE).user,
        at=at,
    )


def _by_link(patient: Patient, score: SyntheticScore, at: datetime) -> None:
    assignment, _ = measures.ask(
        patient=patient,
        instrument=score.instrument,
        closes_at=at + LINK_LIVES,
        by=member(Role.NURSE).user,
        at=at - timedelta(minutes=30),
    )
    for item, value in _answers(score).items():
        measures.save_answer(assignment=assignment, item=item, value=value, at=at)
    measures.submit_answers(assignment=assignment, at=at)


def _answers(score: SyntheticScore) -> dict[str, int]:
    items = instruments.load(score.instrument).items
    return {item.id: value for item, value in zip(items, score.items, strict=False)}
