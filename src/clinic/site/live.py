"""Two dosing sessions that run in the demo, fed by a generated monitor. Never in a real clinic.

The loop calls `keep`: it begins sessions until two run, lets the monitor read once a minute, does
what a nurse would at the infusion's end, and lets each person go home after some two hours. What
it charts goes through the same actions as a person's, so alarms, ages and streams are real.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction

from clinic.calendar import actions as calendar
from clinic.calendar.actions import RoomTaken, Slot
from clinic.calendar.models import Appointment
from clinic.dosing import actions, before, discharge, leaving, queries, stages
from clinic.dosing.dose_entry import EntryRefused
from clinic.dosing.kinds import NOTE, Chart
from clinic.dosing.simulated import NotTheDemo
from clinic.episodes.models import Episode
from clinic.people.models import Patient
from clinic.site.seeds import day, stream, way_home
from clinic.site.seeds.day import Day
from clinic.site.seeds.person import team
from clinic.site.storage import mark
from kapstone import pathway
from kapstone.dose import Entry
from kapstone.errors import KapstoneError
from kapstone.monitoring.events import Kind
from kapstone.pathway import Session
from kapstone.synth.monitor import Course, climbing_rise, drawn_rise

AT_ONCE = 2
EVERY_S = 15.0
CLIMBS, QUIET = "simulated: pressure climbs", "simulated: quiet"
UNDER_WAY_MIN = {CLIMBS: 9, QUIET: 22}  # how far a session is when it appears
ROOMS = {CLIMBS: "Garden room", QUIET: "North room"}
IN_ROOM = timedelta(minutes=115)  # free again before the next session is begun
RESTED = timedelta(hours=20)  # nobody is dosed twice in a day, not even here
LOOK_EVERY_MIN, WELL_MIN = 15, 125
BROKEN_OFF = timedelta(minutes=30)  # without a reading: the demo had been stopped
GIVEN_UP_MIN = 240  # something a visitor charted keeps the person from going home
PHASES = ((12, Session.PEAK), (55, Session.RETURN), (80, Session.RECOVERY))


def keep(now: datetime) -> int:
    """One turn; returns how many sessions run. Raises NotTheDemo in a real clinic."""
    if not settings.DEMO or mark.kind(connection) is not mark.Kind.DEMO:
        raise NotTheDemo("A generated monitor belongs to the demo and its own database.")
    running = [one for one in _days(now) if not _over(one, now)]
    for one in running:
        feed(one, now)
    climbing = [one for one in running if one.course.rise == climbing_rise()]
    for patient in _who_can(now) if len(running) < AT_ONCE else ():
        about = QUIET if climbing else CLIMBS
        if begun := _begin(patient, about, now):
            running.append(begun)
            climbing.append(begun)
        if len(running) >= AT_ONCE:
            break
    return len(running)


def _days(now: datetime) -> Iterator[Day]:
    """The simulated sessions that have not ended."""
    for session in queries.live_sessions(now).filter(simulated=True):
        start = session.events.filter(kind=Kind.DOSE_START).order_by("number").first()
        order = before.order(session.patient, session.opened_at)
        if start is not None and order is not None:
            entry = Entry(order.dose_mg, order.weight_kg)
            about = session.events.filter(kind=NOTE).order_by("number").first()
            course = _course(session.patient, session.route, about.note if about else QUIET)
            yield Day(session, team(), entry, course, start.observed_at)


def _course(patient: Patient, route: str, about: str) -> Course:
    seed = f"live {patient.record_number}"
    return Course(seed, route, climbing_rise() if about == CLIMBS else drawn_rise(seed))


def _over(one: Day, now: datetime) -> bool:
    """End what was broken off when the demo stopped, and what can come to no end."""
    last = one.session.events.filter(kind=Kind.VITALS).order_by("number").last()
    broken_off = last is None or now - last.observed_at > BROKEN_OFF
    if not broken_off and _minute(one, now) < GIVEN_UP_MIN:
        return False
    words = "Ended by the demo: it was stopped, or ran too long. Nobody was there."
    dose = queries.state(one.session, now).dose
    if dose is not None and dose.end is None:
        until = max(last.observed_at, dose.start) if last else dose.start
        day.stop(one, _minute(one, until), words)
    discharge.transfer(session=one.session, handover=words, by=one.nurse, at=now)
    return True


def _minute(one: Day, now: datetime) -> float:
    return (now - one.starts_at).total_seconds() / 60


@transaction.atomic
def feed(one: Day, now: datetime) -> None:
    """What the monitor reads in this minute, and what a nurse beside it would do."""
    minute = _minute(one, now)
    if _has_since(one, Kind.VITALS, int(minute)):
        return
    day.measure(one, minute, spo2_o2=False)
    if not _has_since(one, Kind.MOAAS, int(minute) // LOOK_EVERY_MIN * LOOK_EVERY_MIN):
        day.look(one, minute)
    state = queries.state(one.session, now)
    if state.dose is not None and state.dose.end is None and minute >= day.INFUSION_MIN:
        day.stop(one, minute)
    for from_min, phase in PHASES:
        if minute >= from_min and phase in pathway.allowed(Session(one.session.phase)):
            have = {pathway.Need.DOSE_GIVEN}
            stages.advance(session=one.session, to=phase, have=have, by=one.nurse, at=now)
    if minute >= WELL_MIN:
        _leave(one, minute)


def _has_since(one: Day, kind: Kind, minute: int) -> bool:
    return one.session.events.filter(kind=kind, observed_at__gte=one.at(minute)).exists()


def _leave(one: Day, minute: float) -> None:
    if not _has_since(one, Kind.ALDRETE, int(minute) - LOOK_EVERY_MIN):
        way_home.all_well(one, minute)
    if leaving.readiness(one.session, one.at(minute)).ready:
        way_home.go_home(one, minute)


def _who_can(now: datetime) -> list[Patient]:
    """People in a series whose last dose is longest ago."""
    stage = str(pathway.Episode.IN_SERIES)
    last = {}
    for episode in Episode.objects.filter(stage=stage).select_related("patient"):
        dose = episode.doses.order_by("started_at").last()
        if dose is None or dose.product != day.PRODUCT or now - dose.started_at <= RESTED:
            continue
        if not queries.open_session(episode.patient):
            last[episode.patient] = dose.started_at
    return sorted(last, key=lambda patient: last[patient])


def _begin(patient: Patient, about: str, now: datetime) -> Day | None:
    """A session that has been under way for some minutes; None where something stands in the way.

    What a visitor did to this person (withdrew consent, cancelled the order) is respected.
    """
    order = before.order(patient, now)
    if order is None:
        return None
    under_way_min = UNDER_WAY_MIN[about]
    course = _course(patient, order.route, about)
    try:
        with transaction.atomic():
            starts_at = now - timedelta(minutes=under_way_min)
            room = _room(patient, about, starts_at)
            one = day.open_day(patient, team(), course, starts_at, appointment=room, simulated=True)
            _note(one, about)
            day.check_in(one)
            day.make_ready(one)
            day.give(one)
            day.watch(one, under_way_min)
            if about == QUIET:
                stream.probe_slips(one, under_way_min - 1)
    except (KapstoneError, stages.Lacking, EntryRefused):  # as past midnight, weighed before
        return None
    return one


def _room(patient: Patient, about: str, starts_at: datetime) -> Appointment | None:
    """None where a visitor has put somebody there."""
    slot = Slot(ROOMS[about], starts_at, starts_at + IN_ROOM)
    with suppress(RoomTaken):
        return calendar.book(patient=patient, slot=slot, by=team().nurse.user, at=starts_at)
    return None


def _note(one: Day, about: str) -> None:
    """On the line, in words, what the monitor will do: it is read back from there."""
    told = Chart(uuid4(), NOTE, one.at(-50), {"word": "simulated"}, note=about)
    actions.record(session=one.session, chart=told, by=one.nurse, at=one.at(-50))
