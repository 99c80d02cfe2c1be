"""One dosing day, from the door to the way home, charted as people at the chair would."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from uuid import uuid4

from django.utils import timezone

from clinic.calendar import actions as calendar
from clinic.calendar import queries as shifts
from clinic.calendar.models import Appointment
from clinic.dosing import (
    actions,
    answers,
    before,
    dose_entry,
    giving,
    presence,
    queries,
    readiness,
    stages,
    tapped,
)
from clinic.dosing.dose_entry import SaidIdentity
from clinic.dosing.kinds import (
    CHECKED,
    CONSENT_ITEM,
    MONITOR,
    NOTE,
    PASS,
    SCORER,
    SOURCE,
    WEIGHT,
    Chart,
)
from clinic.dosing.models import AlarmStepKind, DosingSession
from clinic.dosing.simulated import declare
from clinic.intake import actions as intake
from clinic.intake.models import Source
from clinic.people.models import Patient, User
from clinic.site.seeds import cupboard, screens, treatment
from clinic.site.seeds.history import fertility
from clinic.site.seeds.person import Team
from kapstone.dose import Entry
from kapstone.monitoring.events import Kind
from kapstone.monitoring.moaas import scale
from kapstone.pathway import Need, Session
from kapstone.synth import monitor
from kapstone.synth.monitor import Course

PRODUCT, INFUSION_MIN, SYRINGE_ML = "RACEMIC", 40, 50
TODAY: dict[str, object] = {
    "intox_alcohol": False,
    "intox_drug": False,
    "breath_alcohol": 0,
    "urinary_symptoms": [],
    "temp_c": 36.7,
    "uri_current": False,
    "wheeze": False,
    "gi_symptoms": False,
    "sleep_hours": 7,
    "hours_since_solids": 12,
    "hours_since_clear_fluids": 4,
    "escort_named": True,
    "escort_confirmed": True,
}
SIGNS_MIN = (0, 10, 20, 30, 40, 55, 70, 85, 100)  # protocol 6.1, MON-IV
LOOKS_MIN = (0, 15, 30, 45, 60, 75, 90, 105)


@dataclass(frozen=True, slots=True)
class Day:
    """A session, who is beside it, what is ordered, and when the drug begins."""

    session: DosingSession
    team: Team
    ordered: Entry
    course: Course
    starts_at: datetime

    @property
    def patient(self) -> Patient:
        """Whose day it is."""
        return self.session.patient

    @property
    def nurse(self) -> User:
        """Who charts."""
        return self.team.nurse.user

    def at(self, minute: float) -> datetime:
        """So long after the drug began; below zero before it."""
        return self.starts_at + timedelta(minutes=minute)

    def chart(self, kind: str, minute: float, /, **body: object) -> None:
        """One event by the nurse, or by what is simulated."""
        at, by = self.at(minute), None if SOURCE in body else self.nurse
        actions.record(session=self.session, chart=Chart(uuid4(), kind, at, body), by=by, at=at)

    def made_up(self, source: str) -> dict[str, object]:
        """What a reading says beside its figures where nobody measured it."""
        return {SOURCE: source} if self.session.simulated else {}

    def step(self, to: Session, minute: float, *have: Need, reason: str = "") -> None:
        """One phase on."""
        at = self.at(minute)
        stages.advance(session=self.session, to=to, have=have, by=self.nurse, at=at, reason=reason)


def open_day(
    patient: Patient,
    team: Team,
    course: Course,
    starts_at: datetime,
    *,
    appointment: Appointment | None = None,
    simulated: bool = False,
) -> Day:
    """The session of a day is opened by the nurse, for the order in force."""
    staffed(team, starts_at)
    opened_at = starts_at - timedelta(minutes=50)
    treatment.decide(patient, team, opened_at - timedelta(hours=1))
    order = before.order(patient, opened_at)
    if order is None:
        raise stages.Lacking(["an order in force"])
    session = stages.open_session(
        patient=patient,
        product=order.product,
        route=order.route,
        by=team.nurse.user,
        at=opened_at,
        appointment=appointment,
    )
    if simulated:
        declare(session=session, by=team.nurse.user, at=opened_at)
    return Day(session, team, Entry(order.dose_mg, order.weight_kg), course, starts_at)


def staffed(team: Team, at: datetime) -> None:
    """The team is on shift around a dose."""
    here = set(shifts.on_shift(at))
    for staff in team.everybody:
        if staff not in here:
            calendar.put_on_shift(
                staff=staff,
                starts_at=at - timedelta(hours=2),
                ends_at=at + timedelta(hours=6),
                by=None,
                at=at - timedelta(hours=2),
            )


def check_in(day: Day) -> None:
    """Identity, weight, the answers of today, and every check of the list."""
    day.chart(CHECKED, -45, item="DAY-01", result=PASS)
    stages.arrive(session=day.session, by=day.nurse, at=day.at(-45))
    day.chart(WEIGHT, -42, weight_kg=float(day.ordered.weight_kg))
    today = timezone.localdate(day.starts_at)
    asked = fertility(day.patient.sex, day.patient.birth_date, today)
    test = {key: value for key, value in asked.items() if key == "hcg_result"}
    intake.record_facts(
        patient=day.patient,
        answers=TODAY | test,
        how=intake.How(day.at(-40), Source.MEASURED),
        by=day.nurse,
        at=day.at(-40),
    )
    for item in _to_check(day.session.product):
        day.chart(CHECKED, -38, item=item, result=PASS)


@cache
def _to_check(product: str) -> tuple[str, ...]:
    """The required lines of the list that a person charts, but for who it is."""
    asked = readiness.Ready(tuple(readiness.charted(product, {}))).lacking
    return tuple(one.id for one in asked if one.id != "DAY-01")


def make_ready(day: Day) -> None:
    """Measured twice, asked once more, therapist and nurse in the room, ready."""
    for minute in (-30, -22):
        measure(day, minute, seated=True)
    day.chart(CHECKED, -20, item=CONSENT_ITEM, result=PASS)
    for member in (day.team.therapist, day.team.nurse):
        presence.tell(
            session=day.session,
            event_id=uuid4(),
            staff=member,
            here=True,
            by=day.nurse,
            at=day.at(-16),
        )
    with screens.heard(day.session, day.nurse, day.at(-15)):
        stages.make_ready(session=day.session, by=day.nurse, at=day.at(-15))


def give(day: Day) -> None:
    """Drawn up, checked by two people, and begun."""
    team, who = day.team, day.patient
    cupboard.draw(day.session.pk, day.ordered.dose_mg, team, day.at(-12))
    entry = day.ordered
    said = SaidIdentity(who.given_name[0] + who.family_name[0], str(who.birth_date.year))
    at = day.at(-8)
    dose_entry.enter_first(session=day.session, entry=entry, identity=said, by=day.nurse, at=at)
    dose_entry.enter_second(session=day.session, entry=entry, by=team.second.user, at=at)
    told = Chart(uuid4(), Kind.DOSE_START, day.starts_at, dose_body(day))
    with screens.heard(day.session, day.nurse, day.starts_at):
        giving.start_dose(session=day.session, chart=told, by=day.nurse, at=day.starts_at)


def dose_body(day: Day) -> dict[str, object]:
    """An injection's mg stand on its start; an infusion starts with what its pump is set to."""
    if day.course.route != "IV":
        return {"dose_mg": float(day.ordered.dose_mg)}
    return {
        "rate_ml_per_h": SYRINGE_ML * 60 // INFUSION_MIN,
        "mg_per_ml": float(round(day.ordered.dose_mg / SYRINGE_ML, 3)),
    }


def stop(day: Day, minute: float, why: str = "The person asked to stop.") -> None:
    """The infusion is over; earlier than planned, with what was given by then, and why."""
    early = minute < INFUSION_MIN
    run = Decimal(min(int(minute), INFUSION_MIN)) / INFUSION_MIN
    share_mg = round(day.ordered.dose_mg * run, 2)
    body: dict[str, object] = {"dose_mg": float(share_mg)}
    told = Chart(uuid4(), Kind.DOSE_STOP, day.at(minute), body)
    if early:
        told = replace(told, body=body | {"early": True}, note=why)
    giving.record_part(session=day.session, chart=told, by=day.nurse, at=day.at(minute))


def pump(day: Day, kind: Kind, minute: float, why: str) -> None:
    """The pump is paused or goes on."""
    told = Chart(uuid4(), kind, day.at(minute), {}, note=why)
    giving.record_part(session=day.session, chart=told, by=day.nurse, at=day.at(minute))


def measure(day: Day, minute: float, **more: object) -> None:
    """Vital signs of one moment."""
    seen = monitor.signs(day.course, math.floor(minute))
    day.chart(
        Kind.VITALS,
        minute,
        sbp=seen.systolic_mmhg,
        dbp=seen.diastolic_mmhg,
        hr=seen.heart_rate_bpm,
        spo2=seen.spo2_pct,
        rr=seen.respiratory_rate_per_min,
        **more,
        **day.made_up(MONITOR),
    )


def answer_alarms(day: Day, minute: float) -> None:
    """Whoever sits there acts on what calls, as long as nobody plays that part."""
    for alarm in queries.open_alarms(day.session):
        if not alarm.steps.filter(kind=AlarmStepKind.SEEN).exists():
            answers.answer(alarm=alarm, by=day.team.nurse, at=day.at(minute))


def look(day: Day, minute: float, **more: object) -> None:
    """What the nurse sees."""
    seen, source = monitor.looks(day.course, math.floor(minute)), day.made_up(SCORER)
    day.chart(Kind.MOAAS, minute, moaas=seen.moaas_score, scale=scale().version, **more, **source)
    scores = {"dissoc_nrs": seen.dissociation_score, "anxiety_nrs": seen.anxiety_score}
    day.chart(Kind.NRS, minute, nausea_nrs=seen.nausea_score, **scores, **source)


def tap(day: Day, word: str, words: str, minute: float) -> None:
    """What was seen, by one tap and a few words."""
    told = tapped.worded(Chart(uuid4(), NOTE, day.at(minute), {"word": word}, note=words))
    actions.record(session=day.session, chart=told, by=day.nurse, at=day.at(minute))


def watch(day: Day, until_min: int, every: int = 1) -> None:
    """Readings along the way, the infusion's end among them. `every`: 2 charts each second one."""
    acts: list[tuple[int, Callable[[Day, int], None]]] = [
        *((minute, measure) for minute in SIGNS_MIN[::every]),
        *((minute, look) for minute in LOOKS_MIN[::every]),
    ]
    if day.course.route == "IV":
        acts.append((INFUSION_MIN, stop))
    for minute, act in sorted(acts, key=lambda one: one[0]):
        if minute <= until_min:
            act(day, minute)
            if not day.session.simulated:
                answer_alarms(day, minute)
