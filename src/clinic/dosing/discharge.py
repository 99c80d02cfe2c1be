"""Letting a person go: criteria computed, proposed by one, signed by another."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from clinic.alerts import actions as alerts
from clinic.dosing import actions, leaving, stages
from clinic.dosing.kinds import Chart
from clinic.dosing.models import DischargeStep, DischargeStepKind, DosingSession, SessionEvent
from clinic.people import audit
from clinic.people.models import User
from kapstone.monitoring.recovery import Readiness
from kapstone.pathway import Need, Session
from kapstone.risk import AlertLevel

_UNDER_WAY = (Session.DOSING, Session.PEAK, Session.RETURN, Session.STOPPED_EARLY)


class NotYet(Exception):
    """Criteria that are unmet or not known; each by its id."""

    def __init__(self, readiness: Readiness) -> None:
        self.ids = [row.id for row in readiness.rows if row.state != "met" and not row.overridden]
        super().__init__(", ".join(self.ids))


class NotAllowed(Exception):
    """A signature or an override that this rule does not take, in words."""


@transaction.atomic
def propose(*, session: DosingSession, by: User, at: datetime) -> DischargeStep:
    """The nurse says that this person may go. Every criterion must be met, or overridden."""
    readiness = _ready(session, at)
    if Session(session.phase) in _UNDER_WAY:
        stages.advance(session=session, to=Session.RECOVERY, have=(), by=by, at=at)
    return _keep(session, DischargeStepKind.PROPOSED, readiness, by, at)


@transaction.atomic
def sign(*, session: DosingSession, by: User, at: datetime) -> DischargeStep:
    """A prescriber or delegate signs what another proposed, on the criteria as they stand now."""
    readiness = _ready(session, at)
    proposal = session.discharge_steps.filter(kind=DischargeStepKind.PROPOSED).last()
    if proposal is None:
        raise NotAllowed("Nobody has proposed this discharge yet.")
    if proposal.by_id == by.pk:
        raise NotAllowed("Whoever proposed it cannot sign it as well.")
    have = (Need.RECOVERED, Need.SIGNED_OUT)
    stages.advance(session=session, to=Session.DISCHARGED, have=have, by=by, at=at)
    return _keep(session, DischargeStepKind.SIGNED, readiness, by, at)


@transaction.atomic
def override(
    *, session: DosingSession, criterion: str, reason: str, by: User, at: datetime
) -> SessionEvent:
    """A prescriber goes on in spite of one criterion, where its row allows it, with a reason."""
    rows = [row for row in leaving.readiness(session, at).rows if row.id == criterion]
    if not rows or not rows[0].overridable_by:
        raise NotAllowed(f"The criterion {criterion!r} cannot be overridden by anybody.")
    if not reason.strip():
        raise NotAllowed("An override needs its reason.")
    chart = Chart(uuid4(), "override", at, {"rule": criterion}, note=reason)
    return actions.record(session=session, chart=chart, by=by, at=at)


@transaction.atomic
def left_against_advice(
    *, session: DosingSession, explained: str, by: User, at: datetime
) -> DosingSession:
    """The person leaves before they may. The prescriber is called; nobody is held.

    What was explained may be empty: what lacks is charted as missing, never waited for.
    """
    have = (Need.RISK_EXPLAINED,)
    stages.advance(session=session, to=Session.LEFT, have=have, by=by, at=at, reason=explained)
    cause = alerts.Cause(
        "session.left",
        AlertLevel.IMMEDIATE,
        "Left against advice after a dose. Call them and their escort now.",
    )
    alerts.raise_alert(cause, patient=session.patient, subject=session, by=by, at=at)
    return session


@transaction.atomic
def transfer(*, session: DosingSession, handover: str, by: User, at: datetime) -> DosingSession:
    """Somebody else takes over: an ambulance, another ward."""
    have = (Need.HANDOVER,)
    return stages.advance(
        session=session, to=Session.TRANSFERRED, have=have, by=by, at=at, reason=handover
    )


def _ready(session: DosingSession, at: datetime) -> Readiness:
    readiness = leaving.readiness(session, at)
    if not readiness.ready:
        raise NotYet(readiness)
    return readiness


def _keep(
    session: DosingSession,
    kind: DischargeStepKind,
    readiness: Readiness,
    by: User,
    at: datetime,
) -> DischargeStep:
    criteria = {
        row.id: "overridden" if row.overridden else str(row.state) for row in readiness.rows
    }
    step = DischargeStep.objects.create(session=session, kind=kind, at=at, by=by, criteria=criteria)
    audit.record(f"discharge_{kind}", by=by, at=at, patient=session.patient, subject=session)
    return step
