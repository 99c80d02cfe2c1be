"""Giving the drug: start, parts, rate, pause, stop. What was given is charted as it happened."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from clinic.alerts import actions as alerts
from clinic.dosing import actions, before, dose_entry, parts, queries, readiness, stages
from clinic.dosing.kinds import DEVIATION, RATE, RESUMED, Chart
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.people.models import User
from kapstone.errors import ForbiddenStep
from kapstone.monitoring.events import Kind
from kapstone.pathway import Need, Session
from kapstone.risk import AlertLevel

_BEFORE_DRUG = (Session.SCHEDULED, Session.ARRIVED, Session.READY, Session.HELD)


@transaction.atomic
def start_dose(*, session: DosingSession, chart: Chart, by: User, at: datetime) -> SessionEvent:
    """The first of the drug. Refused, with what lacks, unless everything is in place now."""
    locked = queries.locked(session)
    if locked.events.filter(pk=chart.id).exists():
        return actions.record(session=locked, chart=chart, by=by, at=at)
    parts.refuse_mg_at_start(locked, chart)
    ready = readiness.judge(locked, at)
    lacks = [one.title for one in ready.lacking]
    check = dose_entry.check_in_force(locked, at)
    if check is None:
        lacks.append(str(Need.TWO_PEOPLE))
    if named := parts.calling(locked):
        lacks.append(f"{named} calls, and no drug is begun under it")
    if lacks:
        raise stages.Lacking(lacks)
    have = readiness.needs_met(locked, ready)
    stages.advance(session=locked, to=Session.DOSING, have=have, by=by, at=at)
    row = actions.record(session=locked, chart=chart, by=by, at=at)
    _compare_with_check(locked, by, at)
    session.refresh_from_db()
    return row


@transaction.atomic
def record_part(*, session: DosingSession, chart: Chart, by: User, at: datetime) -> SessionEvent:
    """A further part of a dose: a second one, a device, a rate, a pause, the stop."""
    locked = queries.locked(session)
    if locked.events.filter(pk=chart.id).exists():
        return actions.record(session=locked, chart=chart, by=by, at=at)
    if Session(locked.phase) in _BEFORE_DRUG:
        raise ForbiddenStep("No dose runs. Start it, or chart a dose that was already given.")
    _refuse_more_without_consent(locked, chart)
    parts.refuse_unless_fits(locked, chart, at)
    row = actions.record(session=locked, chart=chart, by=by, at=at)
    if chart.kind == Kind.DOSE_STOP and chart.body.get("early") is True:
        stages.advance(
            session=locked, to=Session.STOPPED_EARLY, have=(), by=by, at=at, reason=chart.note
        )
    _compare_with_check(locked, by, at)
    session.refresh_from_db()
    return row


def is_more(chart: Chart) -> bool:
    """Whether it gives more of the drug. Stop, pause and a rate of nought never do."""
    return chart.kind in (Kind.DOSE_START, Kind.DEVICE, RESUMED) or (
        chart.kind == RATE and chart.body.get("rate_ml_per_h", 1) != 0
    )


def _refuse_more_without_consent(session: DosingSession, chart: Chart) -> None:
    """Stop, pause and a rate of nought are always taken; more of the drug is not."""
    if is_more(chart) and before.withdrawn_at(session.patient) is not None:
        raise ForbiddenStep(
            "Consent was withdrawn: no more of the drug. What can be stopped is stopped. If some "
            "was given since, chart it as a dose that was already given."
        )


@transaction.atomic
def chart_given_dose(
    *, session: DosingSession, chart: Chart, by: User, at: datetime
) -> SessionEvent:
    """A dose was already given: charted as it happened, whatever lacks, and called a deviation.

    A resuming or a rate of an infusion that runs counts as one.
    """
    locked = queries.locked(session)
    if locked.events.filter(pk=chart.id).exists():
        return actions.record(session=locked, chart=chart, by=by, at=at)
    parts.refuse_mg_at_start(locked, chart)
    if chart.kind in parts.PUMP:
        _refuse_unless_began(locked, chart, at)
    why = chart.note
    _mark_deviation(locked, why, by, at)
    row = actions.record(session=locked, chart=chart, by=by, at=at)
    if Session(locked.phase) in _BEFORE_DRUG:
        if Session(locked.phase) is Session.READY:
            stages.advance(session=locked, to=Session.HELD, have=(), by=by, at=at, reason=why)
        stages.advance(
            session=locked, to=Session.DOSING, have=(Need.DEVIATION,), by=by, at=at, reason=why
        )
    session.refresh_from_db()
    return row


def _refuse_unless_began(session: DosingSession, chart: Chart, at: datetime) -> None:
    state = queries.state(session, max(at, chart.observed_at))
    if state.dose is None:
        raise ForbiddenStep("No infusion was begun. Chart first that it began.")
    parts.refuse_unless_runs(session, state)


@transaction.atomic
def correct(*, session: DosingSession, chart: Chart, by: User, at: datetime) -> SessionEvent:
    """A line is corrected or withdrawn. More of the drug than was checked is a deviation still."""
    locked = queries.locked(session)
    parts.refuse_mg_at_start(locked, chart)
    row = actions.record(session=locked, chart=chart, by=by, at=at)
    _compare_with_check(locked, by, at)
    session.refresh_from_db()
    return row


def _mark_deviation(session: DosingSession, why: str, by: User, at: datetime) -> None:
    session.deviation = True
    session.save(update_fields=["deviation"])
    told = Chart(uuid4(), DEVIATION, at, {}, note=why)
    event = actions.record(session=session, chart=told, by=by, at=at)
    cause = alerts.Cause(
        "dose.deviation",
        AlertLevel.URGENT,
        "Deviation: a dose outside what was checked was given. Look at the session and file the "
        "incident.",
    )
    alerts.raise_alert(cause, patient=session.patient, subject=event, by=by, at=at)


def _compare_with_check(session: DosingSession, by: User, at: datetime) -> None:
    """More than two people checked is a deviation too."""
    given = queries.given(session)
    if given is None or session.deviation:
        return
    if given.dose_mg > parts.checked_mg(session, queries.state(session, at).dose):
        _mark_deviation(session, "More was given than two people checked.", by, at)
