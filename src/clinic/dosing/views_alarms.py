"""Answering alarms at the console."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.dosing import answers
from clinic.dosing.models import DosingSession, RaisedAlarm
from clinic.dosing.views import for_session, refused, to_console
from clinic.people.gate import ClinicRequest
from kapstone.errors import InvalidInput


@require_POST
@for_session
def answer(request: ClinicRequest, session: DosingSession, alarm_id: UUID) -> HttpResponse:
    """Somebody acts on an alarm."""
    alarm = get_object_or_404(RaisedAlarm, session=session, pk=alarm_id)
    answers.answer(alarm=alarm, by=request.user.staff, at=timezone.now())
    return _done(request, session, "You are acting on it.")


@require_POST
@for_session
def resolve(request: ClinicRequest, session: DosingSession, alarm_id: UUID) -> HttpResponse:
    """A person resolves an alarm, in words."""
    alarm = get_object_or_404(RaisedAlarm, session=session, pk=alarm_id)
    words = request.POST.get("words", "").strip()
    if not words:
        error = InvalidInput("words", "are missing.", "Say what you found and did.")
        return refused(request, session, error)
    answers.resolve(alarm=alarm, words=words, by=request.user.staff, at=timezone.now())
    return _done(request, session, "Resolved. It calls again if a new reading shows it.")


@require_POST
@for_session
def pause(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Pause the sound for two minutes at most."""
    answers.pause_sound(session=session, by=request.user.staff, at=timezone.now())
    return _done(request, session, "Paused. Whatever is new sounds at once.")


def _done(request: ClinicRequest, session: DosingSession, words: str) -> HttpResponse:
    """In words to a console that stays where it is; else the console."""
    if request.accepts("application/json") and not request.accepts("text/html"):
        return JsonResponse({"told": words})
    return to_console(session)
