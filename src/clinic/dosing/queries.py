"""Reads about sessions: the line, its fold, what is live."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from clinic.dosing import lines
from clinic.dosing.kinds import WEIGHT
from clinic.dosing.models import DosingSession, RaisedAlarm, SessionEvent
from clinic.dosing.models.sessions import ENDED
from clinic.episodes import queries as episodes
from clinic.episodes.models import GivenDose
from clinic.people.models import Patient
from clinic.people.worded import worded_once
from kapstone.monitoring.events import Kind
from kapstone.monitoring.session import SessionState

BEGINS = (Kind.DOSE_START, Kind.DEVICE)


def session_of(patient: Patient, session_id: UUID) -> DosingSession | None:
    """A session, if it is this person's."""
    for session in _session_of(patient.pk, session_id):
        session.patient = patient
        return session
    return None


@worded_once
def _session_of(patient_id: UUID, session_id: UUID) -> QuerySet[DosingSession]:
    return DosingSession.objects.filter(patient=patient_id, pk=session_id)


def locked(session: DosingSession) -> DosingSession:
    """The session as it is on disk, this writer's until the transaction ends."""
    (found,) = _locked(session.pk)
    found.patient = session.patient
    return found


@worded_once
def _locked(session_id: UUID) -> QuerySet[DosingSession]:
    return DosingSession.objects.select_for_update().filter(pk=session_id)


def state(session: DosingSession, now: datetime) -> SessionState:
    """The session at a moment: the fold of its line, and nothing else."""
    return state_of(lines.read(session), now)


def state_of(known: lines.Known, now: datetime) -> SessionState:
    """The same of a line that was read before."""
    return known.folded.state(now)


def standing_rows(session: DosingSession) -> list[SessionEvent]:
    """The events that no other replaces, by the moment they were true."""
    return standing_of(lines.read(session).rows)


def standing_of(rows: Sequence[SessionEvent]) -> list[SessionEvent]:
    """The same of the rows of a line that was read before."""
    replaced = {row.replaces_id for row in rows}
    return sorted(
        (row for row in rows if row.pk not in replaced and row.kind != "withdrawn"),
        key=lambda row: (row.observed_at, row.number),
    )


def weight_today_kg(session: DosingSession, now: datetime) -> Decimal | None:
    """The last weight charted in this session on the local day of `now`.

    Once a dose began, on the day on which it did: midnight takes no weight away.
    """
    return weight_of_day_kg(standing_rows(session), now)


def weight_of_day_kg(standing: Sequence[SessionEvent], now: datetime) -> Decimal | None:
    """The same of the rows that stand."""
    began = next((row.observed_at for row in standing if row.kind in BEGINS), now)
    today = timezone.localdate(began)
    weights = [
        row
        for row in standing
        if row.kind == WEIGHT and timezone.localdate(row.observed_at) == today
    ]
    return Decimal(str(weights[-1].body["weight_kg"])) if weights else None


def live_sessions(now: datetime) -> QuerySet[DosingSession]:
    """Sessions of people who are in the house: arrived, and not gone."""
    return (
        DosingSession.objects.filter(opened_at__lte=now)
        .exclude(phase__in=[*ENDED, "scheduled"])
        .select_related("patient")
        .order_by("opened_at")
    )


@worded_once
def open_sessions() -> QuerySet[DosingSession]:
    """Every session that has not ended, whoever it is for."""
    found = DosingSession.objects.exclude(phase__in=ENDED)
    return found.select_related("patient", "appointment").order_by("opened_at")


def sessions(patient: Patient) -> QuerySet[DosingSession]:
    """Every session of one person, newest first."""
    return patient.sessions.select_related("appointment").order_by("-opened_at")


def open_session(patient: Patient) -> DosingSession | None:
    """The session that has not ended."""
    return patient.sessions.exclude(phase__in=ENDED).first()


def given(session: DosingSession) -> GivenDose | None:
    """What every other room knows of this session's dose."""
    doses = episodes.doses(session.patient)
    return next((dose for dose in doses if dose.session_id == session.pk), None)


def open_alarms(session: DosingSession) -> QuerySet[RaisedAlarm]:
    """Alarms that the readings still show, hardest first."""
    return _alarms(session.pk)


def alarms_now(session: DosingSession) -> list[RaisedAlarm]:
    """The rows of `open_alarms`, read at once."""
    return _alarms_now(session.pk)


def alarms_by_session(sessions: Iterable[DosingSession]) -> dict[UUID, list[RaisedAlarm]]:
    """The same of several sessions at once, each with its event and its steps."""
    open_ones = RaisedAlarm.objects.filter(session__in=[each.pk for each in sessions])
    rows = open_ones.select_related("event").prefetch_related("steps")
    found: dict[UUID, list[RaisedAlarm]] = {}
    for row in rows.exclude(steps__kind="ended").order_by("-tier", "raised_at"):
        found.setdefault(row.session_id, []).append(row)
    return found


def _alarms(session_id: UUID) -> QuerySet[RaisedAlarm]:
    rows = RaisedAlarm.objects.filter(session=session_id).exclude(steps__kind="ended")
    known = rows.select_related("event").prefetch_related("steps__by")
    return known.order_by("-tier", "raised_at")


_alarms_now = worded_once(_alarms)
