"""Leaving against advice: charted with whatever is known, and never waited for (DIS-13)."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from clinic.adverse import again, duties, monitoring, queries
from clinic.adverse.models import Departure, Duty
from clinic.dosing import discharge
from clinic.dosing import queries as sessions
from clinic.dosing.models import DosingSession
from clinic.people import audit
from clinic.people.models import User
from kapstone import adverse, pathway
from kapstone.adverse.rows import About
from kapstone.pathway import Session

_ROWS = tuple(row.id for row in adverse.content().due if row.about is About.DEPARTURE)


@transaction.atomic
def chart(*, departure: Departure, by: User, at: datetime) -> Departure:
    """The person left, or what lacked of that is added. Nothing has to be filled in.

    The same id sent twice is charted once. Raises ForbiddenStep where the session cannot end so.
    """
    session = sessions.locked(departure.session)
    known = Departure.objects.filter(pk=departure.pk).first()
    if known is not None:
        return known
    last = queries.departure(session)
    departure.session, departure.by, departure.saved_at = session, by, at
    departure.number = last.number + 1 if last else 1
    if Session(session.phase) is not Session.LEFT:
        discharge.left_against_advice(session=session, explained=told(departure), by=by, at=at)
    departure.save(force_insert=True)
    _keep_due(session, departure, by, at)
    monitoring.open_form(session=session, by=by, at=at)
    again.look_at_session(session, by, at)
    audit.record(
        "left_against_advice",
        by=by,
        at=at,
        patient=session.patient,
        subject=departure,
        lacks=list(lacks(departure)),
    )
    return departure


def lacks(departure: Departure) -> Iterator[str]:
    """What was not charted, by the names of the rows."""
    if not (departure.can_decide and departure.capacity_note):
        yield "capacity"
    if not (departure.prescriber and departure.prescriber_called_at):
        yield "prescriber"
    if not departure.risk:
        yield "risk"
    if not departure.with_whom:
        yield "escort"
    if not departure.comment and monitoring.is_asked(departure.session):
        yield "comment"


def told(departure: Departure) -> str:
    """One line for the session's own record."""
    called = f"prescriber called: {departure.prescriber}" if departure.prescriber else ""
    parts = (
        departure.get_can_decide_display(),
        departure.get_risk_display(),
        called,
        departure.get_with_whom_display(),
    )
    return "; ".join(filter(None, map(str, parts))) or "Nothing charted beside that they left."


def _keep_due(session: DosingSession, departure: Departure, by: User, at: datetime) -> None:
    """What lacks is somebody's task. What was added since is done, by the record itself."""
    missing = set(lacks(departure))
    added = [row.id for row in adverse.content().due if row.lacks and row.lacks not in missing]
    held = Duty.objects.filter(session=session, row__in=added, settled_at=None, voided_at=None)
    held.update(settled_at=at)
    due = adverse.due_of_departure(session.product, departure.left_at, missing, duties.zone())
    about = duties.SetOff(session.patient, duties.owner(by), session=session)
    rows = [row for row in _ROWS if row not in added]
    duties.keep(about, rows, due, at, "charted otherwise")


def problems(session: DosingSession) -> tuple[str, ...]:
    """Why somebody cannot leave against advice here, in words; empty where they can."""
    phase = Session(session.phase)
    if phase is Session.LEFT or Session.LEFT in pathway.allowed(phase):
        return ()
    return (f"This session is {phase}: leaving against advice is charted after a dose.",)
