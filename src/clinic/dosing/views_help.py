"""The button that calls for help: it needs no unlocking and no licence, only the session."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.alerts.models import Alert
from clinic.dosing import help as chair
from clinic.dosing.models import DosingSession
from clinic.dosing.views import for_session, to_console
from clinic.people.gate import ClinicRequest


@require_POST
@for_session
def call(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Call somebody to the chair now."""
    alert = chair.call(session=session, by=request.user, at=timezone.now())
    told = _words(alert)
    if request.accepts("application/json") and not request.accepts("text/html"):
        return JsonResponse({"told": told})
    messages.warning(request, told)
    return to_console(session)


def _words(alert: Alert) -> str:
    whom = alert.owner.name if alert.owner else "Nobody is on call: the whole clinic"
    called = timezone.localtime(alert.raised_at)
    return f"Help was called at {called:%H:%M}. {whom} is told. Stay with the person."
