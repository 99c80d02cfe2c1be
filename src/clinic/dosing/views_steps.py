"""Steps for an emergency: opened by one tap, ticked, closed."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.dosing import actions, forms, stepping
from clinic.dosing.kinds import Chart
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.dosing.views import Refusal, answered, for_session, refused
from clinic.people.gate import ClinicRequest


@require_POST
@for_session
def open_steps(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """One tap: the steps of this row, with their clock."""

    def write(told: Chart, now: datetime) -> SessionEvent:
        return stepping.open_steps(
            session=session,
            chart=told,
            pathway_id=request.POST.get("pathway", ""),
            by=request.user,
            at=now,
        )

    return _done(request, session, write)


@require_POST
@for_session
def done(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """A step was done."""
    row, step = _pair(request.POST.get("step", ""))

    def write(told: Chart, now: datetime) -> SessionEvent:
        return stepping.tick(
            session=session,
            chart=told,
            pathway_id=row,
            step=int(step) if step.isascii() and step.isdigit() and len(step) < 3 else 0,
            by=request.user,
            at=now,
        )

    return _done(request, session, write)


@require_POST
@for_session
def close(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """These steps are closed with an outcome."""
    row, outcome = _pair(request.POST.get("outcome", ""))

    def write(told: Chart, now: datetime) -> SessionEvent:
        return stepping.close(
            session=session, chart=told, pathway_id=row, outcome=outcome, by=request.user, at=now
        )

    return _done(request, session, write)


def _pair(written: str) -> tuple[str, str]:
    """A row and what is said of it, from one button."""
    row, _, said = written.rpartition(":")
    return row, said


def _done(
    request: ClinicRequest,
    session: DosingSession,
    write: Callable[[Chart, datetime], SessionEvent],
) -> HttpResponse:
    now = timezone.now()
    try:
        row = write(forms.chart_from(request.POST.dict() | {"kind": "steps"}, now), now)
    except (*Refusal, actions.EventConflict) as error:
        return refused(request, session, error)
    return answered(request, session, row)
