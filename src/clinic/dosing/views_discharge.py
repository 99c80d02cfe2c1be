"""Recovery and discharge, and the sheets that go home."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.dosing import discharge, leaving, queries, stages, words
from clinic.dosing.models import DosingSession
from clinic.dosing.views import for_session, to_console
from clinic.measures import due
from clinic.people import access
from clinic.people.gate import ClinicRequest
from kapstone.errors import ForbiddenStep

Refusal = (discharge.NotYet, discharge.NotAllowed, stages.Lacking, ForbiddenStep)


@for_session
def page(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Every criterion as it stands, who proposed, who may sign."""
    return _page(request, session, "", 200)


def _page(
    request: ClinicRequest, session: DosingSession, problem: str, status: int
) -> HttpResponse:
    now = timezone.now()
    says = leaving.wording(session)
    shown = {
        "now": now,
        "patient": session.patient,
        "session": session,
        "rows": [
            (row, says[row.id], words.judged_by(row.because))
            for row in leaving.readiness(session, now).rows
        ],
        "steps": session.discharge_steps.select_related("by").order_by("pk"),
        "given": queries.given(session),
        "proposal": session.discharge_steps.filter(kind="proposed").last(),
        "problem": problem,
        "before_leaving": due.before_leaving(session.patient, now),
        "may_sign": access.may(request.actor, "sign_discharge", session.patient),
    }
    return render(request, "dosing/discharge.html", shown, status=status)


def _refused(request: ClinicRequest, session: DosingSession, error: Exception) -> HttpResponse:
    problem = str(error)
    if isinstance(error, discharge.NotYet):
        problem = f"Not yet: {problem}."
    return _page(request, session, problem, 422)


def _back(session: DosingSession) -> HttpResponse:
    return redirect("dosing:discharge", patient_id=session.patient_id, session_id=session.pk)


@require_POST
@for_session
def propose(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """The nurse proposes."""
    try:
        discharge.propose(session=session, by=request.user, at=timezone.now())
    except Refusal as error:
        return _refused(request, session, error)
    messages.success(request, "Proposed. A prescriber or delegate signs.")
    return _back(session)


@require_POST
@for_session
def sign(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """A prescriber or delegate signs."""
    try:
        discharge.sign(session=session, by=request.user, at=timezone.now())
    except Refusal as error:
        return _refused(request, session, error)
    messages.success(request, "Discharged. The drug record stays open with the pharmacy.")
    return _back(session)


@require_POST
@for_session
def override(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """A prescriber goes on in spite of a criterion, with a reason."""
    try:
        discharge.override(
            session=session,
            criterion=request.POST.get("criterion", ""),
            reason=request.POST.get("reason", ""),
            by=request.user,
            at=timezone.now(),
        )
    except Refusal as error:
        return _refused(request, session, error)
    return _back(session)


@require_POST
@for_session
def transfer(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Somebody else takes over."""
    told = request.POST.get("handover", "").strip()
    if not told:
        return _page(request, session, "Write to whom and with what handover.", 422)
    try:
        discharge.transfer(session=session, handover=told, by=request.user, at=timezone.now())
    except Refusal as error:
        return _refused(request, session, error)
    return to_console(session)
