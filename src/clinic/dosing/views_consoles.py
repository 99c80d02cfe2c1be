"""What an open console says of itself, and what others say of one that fell silent."""

from uuid import UUID

from django.db import OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinic.dosing import beats, consoles
from clinic.dosing.models import DosingSession
from clinic.dosing.views import for_session
from clinic.people.gate import ClinicRequest


@require_POST
@for_session
def beat(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """This console is awake, or was closed."""
    now, said = timezone.now(), consoles.said(request.POST.dict())
    if said is None:
        return HttpResponse(status=422)
    if request.POST.get("leaving"):
        beats.forget(said.console_id)
        consoles.leave(session=session, console_id=said.console_id, by=request.user, at=now)
        return HttpResponse(status=204)
    try:
        row = consoles.beat(session=session, said=said, by=request.user, at=now)
    except OperationalError:
        consoles.note_awake(said.console_id, now)
        return JsonResponse({"unwritten": True}, status=503)
    if row.beat_at == now:
        beats.know(row)
    return HttpResponse(status=204)


@require_POST
@for_session
def heard(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Somebody heard the test tone of the alarm at their own console."""
    page = consoles.id_of(request.POST.dict(), "console")
    if page and consoles.heard(
        session=session, console_id=page, by=request.user, at=timezone.now()
    ):
        return JsonResponse({"told": "Heard, and charted."})
    told = "This screen is not known to make sound. Try the alarm sound again."
    return JsonResponse({"error": told}, status=409)


@require_safe
@for_session
def listed(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Every screen that shows the session, or should."""
    now = timezone.now()
    shown = [(one, one in consoles.lost(session, now)) for one in consoles.opened(session)]
    return render(
        request,
        "dosing/consoles.html",
        {"patient": session.patient, "session": session, "consoles": shown, "now": now},
    )


@require_POST
@for_session
def gone(request: ClinicRequest, session: DosingSession, console_id: UUID) -> HttpResponse:
    """Somebody looked: the console that fell silent is not in use any more."""
    lost = get_object_or_404(session.consoles, console_id=console_id, left_at=None)
    consoles.gone(console=lost, by=request.user, at=timezone.now())
    return redirect("dosing:consoles", patient_id=session.patient_id, session_id=session.pk)
