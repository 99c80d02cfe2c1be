"""Opening steps for an emergency, ticking one, closing them. Each is a line of the session."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from clinic.dosing import actions, callees, lines, opened, queries
from clinic.dosing.kinds import STEP_DONE, STEPS_CLOSED, STEPS_OPENED, Chart
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.dosing.opened import Opening
from clinic.dosing.words import OUTCOMES, clock
from clinic.people.models import User
from kapstone.errors import ForbiddenStep, InvalidInput
from kapstone.monitoring.alarms import Tier
from kapstone.monitoring.pathways import Pathway


@transaction.atomic
def open_steps(
    *, session: DosingSession, chart: Chart, pathway_id: str, by: User, at: datetime
) -> SessionEvent:
    """Somebody opens the steps of a row. Its clock counts from the alarm, or from what they say."""
    locked, row = queries.locked(session), _row(pathway_id)
    if known := _sent_before(locked, chart.id, STEPS_OPENED, pathway_id):
        return known
    running = _running(locked, pathway_id)
    if running and running.opened:
        by_whom = running.opened.by.name if running.opened.by else "a device"
        raise ForbiddenStep(f"{row.title}: {by_whom} opened these steps. They are on top.")
    onset = min(chart.observed_at, running.onset) if running else chart.observed_at
    return _told(locked, chart, STEPS_OPENED, _body(row, onset), by, at)


@transaction.atomic
def tick(
    *, session: DosingSession, chart: Chart, pathway_id: str, step: int, by: User, at: datetime
) -> SessionEvent:
    """A step was done. Done twice, it stands by who said so first."""
    locked, row = queries.locked(session), _row(pathway_id)
    if known := _sent_before(locked, chart.id, STEP_DONE, pathway_id, step):
        return known
    if not 1 <= step <= len(row.steps):
        raise InvalidInput("step", f"is {step}.", f"{row.title} has {len(row.steps)} steps.")
    running = _running(locked, pathway_id)
    if running is None:
        raise ForbiddenStep(f"{row.title}: these steps are not open any more. Open them again.")
    if done := running.ticks.get(step):
        who = done.by.name if done.by else "a device"
        raise ForbiddenStep(f"Step {step} was done at {clock(done.observed_at)}, said {who}.")
    body = _body(row, running.onset) | {"step": str(step), "did": callees.here(row.steps[step - 1])}
    return _told(locked, chart, STEP_DONE, body, by, at)


@transaction.atomic
def close(
    *, session: DosingSession, chart: Chart, pathway_id: str, outcome: str, by: User, at: datetime
) -> SessionEvent:
    """It is over, somebody took over, or it was opened in error."""
    locked, row = queries.locked(session), _row(pathway_id)
    if known := _sent_before(locked, chart.id, STEPS_CLOSED, pathway_id):
        return known
    if outcome not in OUTCOMES:
        raise InvalidInput("outcome", "is missing.", f"Say one: {'; '.join(OUTCOMES.values())}.")
    running = _running(locked, pathway_id)
    if running is None:
        raise ForbiddenStep(f"{row.title}: these steps are closed already.")
    body = _body(row, running.onset) | {"outcome": outcome}
    return _told(locked, chart, STEPS_CLOSED, body, by, at)


def _row(pathway_id: str) -> Pathway:
    row = opened.by_id().get(pathway_id)
    if row is None:
        raise InvalidInput("steps", f"{pathway_id!r} is not known.", "Load the page again.")
    return row


def _sent_before(
    session: DosingSession, event_id: UUID, kind: str, pathway_id: str, step: int | None = None
) -> SessionEvent | None:
    """The line that this tap made before. Raises EventConflict where the id is of another."""
    known = SessionEvent.objects.filter(pk=event_id).first()
    if known is None:
        return None
    told = known.session_id, known.kind, known.body.get("pathway"), known.body.get("step")
    if told != (session.pk, kind, pathway_id, str(step) if step is not None else None):
        raise actions.EventConflict
    return known


def _running(session: DosingSession, pathway_id: str) -> Opening | None:
    """What is open of a row; an A1 alarm counts here, as somebody takes its steps up."""
    rows = queries.standing_of(lines.read(session).rows)
    found = opened.now_open(rows, queries.alarms_now(session), tiers=tuple(Tier))
    return next((one for one in found if one.pathway_id == pathway_id), None)


def _body(row: Pathway, onset: datetime) -> dict[str, object]:
    """The words too: a later release may say them otherwise."""
    return {"pathway": row.id, "title": row.title, "onset": onset.isoformat()}


def _told(
    session: DosingSession,
    chart: Chart,
    kind: str,
    body: dict[str, object],
    by: User,
    at: datetime,
) -> SessionEvent:
    told = Chart(chart.id, kind, chart.observed_at, body, clock_offset_s=chart.clock_offset_s)
    return actions.record(session=session, chart=told, by=by, at=at)
