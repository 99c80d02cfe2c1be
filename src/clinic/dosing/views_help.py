"""The button that calls for help: it needs no unlocking and no licence, only the session."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.alerts.models import Alert
from clinic.dosing import help as chair
from clinic.dosing.models import DosingSession
from clinic.dosing.views import for_session, to_console
from clinic.people import lock
from clinic.people.gate import ClinicRequest


@require_POST
@for_session
def call(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Call somebody to the chair now."""
    alert = chair.call(session=session, by=request.user, at=timezone.now())
    told = _words(alert, chair.told(alert, request.user), unnamed=lock.is_locked(request))
    if request.accepts("application/json") and not request.accepts("text/html"):
        return JsonResponse({"told": told})
    messages.warning(request, told)
    return to_console(session)


def _words(alert: Alert, names: list[str], *, unnamed: bool) -> str:
    """What became of the call; a locked screen names nobody."""
    called = f"Help was called at {timezone.localtime(alert.raised_at):%H:%M}."
    if not names:
        return f"{called} Nobody else is there to be told: shout, and phone."
    if alert.owner is None:
        whom = "Nobody is on call: the whole clinic is told."
    elif unnamed:
        whom = "One person is told." if len(names) == 1 else f"{len(names)} people are told."
    elif len(names) == 1:
        whom = f"{names[0]} is told."
    else:
        whom = f"{names[0]} and {len(names) - 1} more are told."
    return f"{called} {whom} Stay with the person."
