"""How each dosing day went: most as planned, a few not."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from clinic.calendar import actions as calendar
from clinic.calendar.actions import Slot
from clinic.dosing import giving, stages, withdrawal
from clinic.dosing.kinds import Chart
from clinic.episodes import queries as episodes
from clinic.episodes.actions import record_given_dose
from clinic.episodes.models import GivenDose
from clinic.readying import actions as readying
from clinic.site.seeds import alerts, cupboard, day, hard, harm, sickness, way_home
from clinic.site.seeds.day import Day
from clinic.site.seeds.person import Person, moment
from clinic.therapy import actions as therapy
from clinic.therapy.models import Contact, IntegrationVisit, Structure
from clinic.therapy.models.notes import Outcome
from kapstone.monitoring.events import Kind
from kapstone.pathway import Session
from kapstone.synth.monitor import Rise
from kapstone.synth.series import SyntheticDose

SERIES_TOLD_WHOLE = timedelta(days=8)
READINGS_OF_LATE = timedelta(days=6)  # older days are charted with every second reading
PAPER_MIN = 40
RECOVERED_MIN = 103
INTEGRATION_AFTER = timedelta(hours=30)
BOOKED_AHEAD = timedelta(hours=3)
SAID_IN_A_CALL = {  # line → what is hard about it
    "RDY-01": "",
    "RDY-02": "",
    "RDY-03": "My sister drives me, but only after four. Can I wait at the clinic?",
}
FOCUS = (
    "What the quiet was like, and where it is in an ordinary day.",
    "The house of the grandmother; who was missing in it.",
    "Anger, said aloud for the first time.",
)


def given(person: Person, number: int, at: datetime) -> None:
    """One drawn dose on its day, in the way it went; one of long ago as paper told it."""
    drawn = person.drawn.doses[number]
    if not _is_told_whole(person, number, at):
        _from_paper(person, drawn, at)
        return
    rise = Rise(drawn.systolic_rise_mmhg, drawn.diastolic_rise_mmhg)
    course = replace(person.course("IV", rise), seed=f"demo {person.number} dose {number}")
    one = day.open_day(person.patient, person.team, course, at)
    is_fresh = moment(person.as_of, 0) - at < READINGS_OF_LATE
    WENT.get((person.number, number), _as_planned)(one, 1 if is_fresh else 2)


def _is_told_whole(person: Person, number: int, at: datetime) -> bool:
    """Of a series of long ago only the days that went in a way of their own."""
    stands_out = (person.number, number) in (*WENT, OVER_MIDNIGHT)
    return stands_out or moment(person.as_of, 0) - at < SERIES_TOLD_WHOLE


def _from_paper(person: Person, drawn: SyntheticDose, at: datetime) -> None:
    """What was given and when, carried over without the day around it."""
    episode = episodes.open_episode(person.patient)
    if episode is not None:
        ended_at = at + timedelta(minutes=PAPER_MIN)
        dose = GivenDose(
            episode=episode, session_id=uuid4(), product=drawn.product, route=drawn.route,
            dose_mg=drawn.dose_mg, started_at=at, ended_at=ended_at,
        )  # fmt: skip
        record_given_dose(dose=dose, by=person.team.nurse.user, at=ended_at)


def _as_planned(one: Day, every: int) -> None:
    day.check_in(one)
    day.make_ready(one)
    day.give(one)
    day.watch(one, RECOVERED_MIN, every)
    harm.pressure_rose(one)
    way_home.go_home(one, way_home.recover(one, RECOVERED_MIN))


def _withdrew_midway(one: Day, every: int) -> None:
    """Consent is taken back in the middle: the drug stops, the person is looked after."""
    day.check_in(one)
    day.make_ready(one)
    day.give(one)
    day.watch(one, 15, every)
    withdrawal.withdraw(
        patient=one.patient,
        by=one.team.therapist.user,
        at=one.at(17),
        words="Said the stop word twice, then: no more of this, please.",
    )
    day.stop(one, 18)
    harm.panicked(one)
    for minute in (25, 40, 55, 70, 85):
        day.measure(one, minute)
        day.look(one, minute)
    alerts.handle(one.patient, one.team, one.at(90), alerts.NO_MORE)
    way_home.go_home(one, way_home.recover(one, RECOVERED_MIN))


def _given_before_the_check(one: Day, every: int) -> None:
    """The infusion ran before the second person had typed: charted as what it is."""
    day.check_in(one)
    day.make_ready(one)
    cupboard.draw(one.session.pk, one.ordered.dose_mg, one.team, one.at(-6))
    why = "Started before the second person had typed. Noticed at once, prescriber told."
    told = Chart(uuid4(), Kind.DOSE_START, one.starts_at, day.dose_body(one), note=why)
    giving.chart_given_dose(session=one.session, chart=told, by=one.nurse, at=one.at(2))
    harm.wrong_order(one)
    day.watch(one, RECOVERED_MIN, every)
    way_home.go_home(one, way_home.recover(one, RECOVERED_MIN))


def _paused_midway(one: Day, every: int) -> None:
    """Sick under the infusion: paused, something given for it, and then the rest."""
    day.check_in(one)
    day.make_ready(one)
    day.give(one)
    day.watch(one, 14, every)
    day.pump(one, Kind.DOSE_PAUSE, 15, "Sick. The prescriber is beside the chair.")
    sickness.helped(one, 15.5, 22)
    day.pump(one, Kind.DOSE_RESUME, 23, "Better, wants to go on.")
    for minute in (20, 30, 40, 55, 70, 85, 100):
        if minute == 55:
            day.stop(one, day.INFUSION_MIN + 8)
        day.measure(one, minute)
        day.look(one, minute)
    way_home.go_home(one, way_home.recover(one, 110))


def held(person: Person, at: datetime) -> None:
    """Came with a fever: held by the prescriber, and sent home with a new date."""
    one = day.open_day(person.patient, person.team, person.course("IV"), at)
    day.check_in(one)
    one.step(Session.HELD, -25, reason="38.4 degrees and a cough since last night.")
    one.step(Session.CANCELLED, -10, reason="Held for the fever. New date when it is gone.")


def booked(person: Person, at: datetime) -> None:
    """Expected today, some hours after this. A call went through some of what they make ready."""
    starts_at = at + BOOKED_AHEAD
    nurse = person.team.nurse.user
    slot = Slot("Blue room", starts_at, starts_at + timedelta(hours=3))
    appointment = calendar.book(patient=person.patient, slot=slot, by=nurse, at=at)
    stages.open_session(
        patient=person.patient,
        product="RACEMIC",
        route="IV",
        by=nurse,
        at=at,
        appointment=appointment,
    )
    for line, words in SAID_IN_A_CALL.items():
        readying.say(
            patient=person.patient,
            visit=str(appointment.pk),
            told=readying.Told(line, ready=not words, words=words),
            by=nurse,
            at=at + timedelta(minutes=20),
        )


def integrate(person: Person, at: datetime) -> None:
    """The visit after the last dose, with its note."""
    last = episodes.given_doses(person.patient).last()
    if last is None:
        return
    visit = IntegrationVisit(
        patient=person.patient,
        session_id=last.session_id,
        outcome=Outcome.ATTENDED,
        held_at=at,
        contact=Contact.VIDEO if person.number % 3 == 0 else Contact.IN_PERSON,
        minutes=50,
        focus=FOCUS[person.number % len(FOCUS)],
        insight="It was there before the illness, and it is still there.",
        next_step="Call the friend from the choir on Thursday.",
        structures=[Structure.ACT],
        together_score=5 + person.number % 5,
        homework="Ten minutes outside before noon.",
    )
    therapy.record_integration(visit=visit, by=person.team.therapist.user, at=at)


def hour_of(person: Person, number: int) -> tuple[int, int]:
    """When a dose begins: by day, but for the one that ran past midnight."""
    return (22, 50) if (person.number, number) == OVER_MIDNIGHT else (9 + person.number % 7, 30)


# Who and which of their doses, counted from nought.
OVER_MIDNIGHT = (6, 5)
WENT: Mapping[tuple[int, int], Callable[[Day, int], None]] = {
    (1, 2): hard.went,
    (2, 2): _paused_midway,
    (8, 2): _given_before_the_check,
    (23, 3): _withdrew_midway,
}
