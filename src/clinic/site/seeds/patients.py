"""The demo's thirty people: drawn from published figures, told through the rooms' own actions.

What happened is told in the order it happened, so that the trail reads like a real one.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

from django.utils import timezone

from clinic.measures import actions as measures
from clinic.people import actions as people
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.site.seeds import alerts
from clinic.site.seeds.staff import member
from kapstone import instruments, synth
from kapstone.synth.timeline import SyntheticScore

SEED, COUNT = 2026, 30
UNREACHABLE = 4  # has neither phone nor e-mail
CAREFUL = 6  # says how to be called
LINK_LIVES = timedelta(days=7)
WORDS = {CAREFUL: "No voicemail. Text only, after six in the evening."}

Event = tuple[datetime, Callable[[datetime], object]]
Person = tuple[synth.SyntheticPerson, Patient]


def fill(now: datetime) -> None:
    """Everybody's record up to this moment."""
    team = [member(role) for role in (Role.PRESCRIBER, Role.NURSE, Role.THERAPIST)]
    drawn = [(one, _patient(one)) for one in synth.people(SEED, COUNT, timezone.localdate(now))]
    past = [event for person in drawn for event in _past(*person, team)]
    for at, tell in sorted(past, key=lambda event: event[0]):
        if at < now - timedelta(days=1):
            tell(at)
    alerts.mark_delivered()
    alerts.leave_open(_answering(drawn), team, now)
    alerts.mark_delivered()


def _patient(one: synth.SyntheticPerson) -> Patient:
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
        safe_contact=WORDS.get(one.number, ""),
        synthetic=True,
    )


def _past(one: synth.SyntheticPerson, patient: Patient, team: list[StaffMember]) -> Iterator[Event]:
    came = _at(one.referred_on, 9)
    yield came, partial(_register, patient)
    for staff in team:
        yield came + timedelta(hours=1), partial(_join, patient, staff)
    for number, score in enumerate(one.scores):
        if score.instrument not in instruments.ids():
            continue
        at = _at(score.on, 10 + (one.number + number) % 8)
        tell = _on_paper if (one.number + number) % 4 == 0 else _by_link
        yield at, partial(tell, patient, score)
        yield at + timedelta(minutes=20), partial(alerts.handle, patient, team)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _register(patient: Patient, at: datetime) -> None:
    people.register_patient(patient=patient, by=member(Role.FRONT_DESK).user, at=at)


def _join(patient: Patient, staff: StaffMember, at: datetime) -> None:
    people.join_team(patient=patient, staff=staff, by=member(Role.MANAGER).user, at=at)


def _on_paper(patient: Patient, score: SyntheticScore, at: datetime) -> None:
    measures.enter_answers(
        patient=patient,
        instrument=score.instrument,
        answers=_answers(score),
        observed_at=at - timedelta(minutes=15),
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


def _answering(drawn: list[Person]) -> list[Patient]:
    """People in the middle of treatment, who are asked today."""
    return [patient for one, patient in drawn if one.scores and patient.pk][:12]
