"""The page of a device's samples: what it said, and which stretch of it was not the person."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinic.dosing import actions, lines, stretches, views
from clinic.dosing.models import DosingSession
from clinic.people.gate import ClinicRequest
from kapstone.errors import InvalidInput


@require_http_methods(["GET", "POST"])
@views.for_session
def mark(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Mark a stretch of one parameter; the samples stay, drawn as marked."""
    now, problem = timezone.now(), ""
    if request.method == "POST":
        try:
            told = stretches.told(request.POST.dict(), now)
            actions.record(session=session, chart=told, by=request.user, at=now)
        except (InvalidInput, actions.EventConflict) as error:
            problem = str(error) or views.SENT_BEFORE
        else:
            return views.to_console(session)
    shown = {
        "now": now,
        "patient": session.patient,
        "session": session,
        "stream": stretches.stream(lines.read(session)),
        "typed": request.POST,
        "problem": problem,
    }
    return render(request, "dosing/stretch.html", shown, status=422 if problem else 200)
