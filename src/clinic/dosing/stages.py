"""Opening a session and taking it from phase to phase, as the pathway allows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from clinic.calendar import actions as calendar
from clinic.calendar.actions import Slot
from clinic.calendar.models import Appointment
from clinic.dosing import actions, before, cover, doses_given, queries, readiness
from clinic.dosing.kinds import Chart
from clinic.dosing.models import DosingSession, SessionStep
from clinic.dosing.models.sessions import ENDED
from clinic.episodes import queries as episodes
from clinic.people import audit, beside
from clinic.people.models import Patient, User
from clinic.planning.spacing import Against
from kapstone import pathway
from kapstone.monitoring.schedules import schedule_for
from kapstone.pathway import Need, Session


class Lacking(Exception):
    """A step asks for what is not on record; `lacks` says it in words."""

    def __init__(self, lacks: Collection[str]) -> None:
        self.lacks = sorted(lacks)
        super().__init__("; ".join(self.lacks))


class NotYet(Exception):
    """A dose was to be booked that the series does not allow now; `against` says why."""

    def __init__(self, against: Against) -> None:
        self.against = against
        super().__init__("; ".join(against.words))


@dataclass(frozen=True, slots=True)
class Seen:
    """What whoever books was shown and saw: the moment without a second person, and the start that
    is closer to another dose than the plan has it.
    """

    alone_at: datetime | None = None
    close_at: datetime | None = None


class NotSeen(Exception):
    """A session was to be booked, and nobody said that they saw this. Empty: nothing to see.

    cover: no two people for the dose then. close: closer than the plan has it, in words.
    """

    def __init__(self, found: cover.Cover | None, close: str) -> None:
        self.cover, self.close = found, close
        super().__init__(close or "No second licensed person is on shift then.")


@transaction.atomic
def book_session(
    *, patient: Patient, order: before.Ordered, slot: Slot, seen: Seen, by: User, at: datetime
) -> DosingSession:
    """Expect a person for a dose: room, time and session in one.

    Raises NotYet where the series stands against it, NotSeen for what is only said, and RoomTaken.
    """
    against = refuse_unless_free(patient, order, slot.starts_at, at)
    said = _said(patient, slot, against.close, seen)
    session = open_session(
        patient=patient,
        product=order.product,
        route=order.route,
        by=by,
        at=at,
        appointment=calendar.book(patient=patient, slot=slot, by=by, at=at),
    )
    for action in said:
        audit.record(action, by=by, at=at, patient=patient, subject=session)
    return session


@transaction.atomic
def move_session(
    *, session: DosingSession, slot: Slot, seen: Seen, by: User, at: datetime
) -> DosingSession:
    """Expect a person at another time, or in another room. The session stays the same one.

    Raises Lacking once they came or were never booked, and what `book_session` raises.
    """
    locked = queries.locked(session)
    booked = locked.appointment
    if locked.phase != str(Session.SCHEDULED) or booked is None:
        raise Lacking(["a booked session that has not begun"])
    wanted = locked.patient, locked.product, locked.route, slot.starts_at
    if against := before.against_booking(*wanted, at, but=locked.pk):
        raise NotYet(against)
    said = _said(locked.patient, slot, against.close, seen)
    calendar.give_up(appointment=booked, by=by, at=at)
    locked.appointment = calendar.book(patient=locked.patient, slot=slot, by=by, at=at)
    locked.save(update_fields=["appointment"])
    for action in ("move_session", *said):
        audit.record(action, by=by, at=at, patient=locked.patient, subject=locked)
    session.refresh_from_db()
    return session


def _said(patient: Patient, slot: Slot, close: str, seen: Seen) -> list[str]:
    """What the trail keeps of what was said and seen. Raises NotSeen where it was not."""
    found = cover.through(patient, slot)
    alone = None if found.has_two else found
    if (alone and seen.alone_at != alone.at) or (close and seen.close_at != slot.starts_at):
        raise NotSeen(alone, close)
    told = (("booked_without_second", alone), ("booked_close", close))
    return [action for action, was_said in told if was_said]


def refuse_unless_free(
    patient: Patient, order: before.Ordered, starts_at: datetime, now: datetime
) -> Against:
    """What is said of a dose at a moment. Raises NotYet where the series stands against it."""
    against = before.against_booking(patient, order.product, order.route, starts_at, now)
    if against:
        raise NotYet(against)
    return against


@transaction.atomic
def open_session(
    *,
    patient: Patient,
    product: str,
    route: str,
    by: User | None,
    at: datetime,
    appointment: Appointment | None = None,
) -> DosingSession:
    """Plan a visit for a dose. One at a time is open."""
    schedule_for(product, route)
    episode = episodes.open_episode(patient)
    if episode is None:
        raise Lacking(["an open episode of care"])
    session = DosingSession.objects.create(
        patient=patient,
        episode=episode,
        appointment=appointment,
        product=product,
        route=route,
        opened_at=at,
        opened_by=by,
    )
    SessionStep.objects.create(session=session, before="", after=session.phase, at=at, by=by)
    audit.record("open_session", by=by, at=at, patient=patient, subject=session)
    return session


@transaction.atomic
def advance(
    *,
    session: DosingSession,
    to: Session,
    have: Collection[Need],
    by: User | None,
    at: datetime,
    reason: str = "",
) -> DosingSession:
    """Take one step. Raises Lacking with everything that the pathway still asks for."""
    locked = queries.locked(session)
    needs = pathway.step(Session(locked.phase), to)
    missing = needs - set(have) - ({Need.REASON} if reason.strip() else set())
    if missing:
        raise Lacking([str(need) for need in missing])
    SessionStep.objects.create(
        session=locked, before=locked.phase, after=str(to), at=at, by=by, reason=reason
    )
    locked.phase = str(to)
    locked.save(update_fields=["phase"])
    chart = Chart(uuid4(), "phase", at, {"phase": str(to)}, note=reason)
    actions.record(session=locked, chart=chart, by=by, at=at)
    if to is Session.DOSING:
        before.dose_begun(patient=locked.patient, session_id=locked.pk, at=at)
    if to is Session.CANCELLED and locked.appointment is not None:
        calendar.give_up(appointment=locked.appointment, by=by, at=at)
    if str(to) in ENDED:
        before.person_left(session_id=locked.pk, at=at)
        beside.rise(session_id=locked.pk, at=at)
        doses_given.call_if_unknown(session=locked, by=by, at=at)
    session.refresh_from_db()
    return session


def arrive(*, session: DosingSession, by: User, at: datetime) -> DosingSession:
    """The person is here and said who they are."""
    have = readiness.needs_met(session, readiness.judge(session, at))
    return advance(session=session, to=Session.ARRIVED, have=have, by=by, at=at)


def make_ready(*, session: DosingSession, by: User, at: datetime) -> DosingSession:
    """Every required check is met. Raises Lacking with the lines that are not."""
    ready = readiness.judge(session, at)
    if not ready.ready:
        raise Lacking([one.title for one in ready.lacking])
    have = readiness.needs_met(session, ready)
    return advance(session=session, to=Session.READY, have=have, by=by, at=at)
