"""Unlocking an idle screen, and saying that somebody is there. The gate does both: see lock.py."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from clinic.people import lock
from clinic.people.gate import ClinicRequest


@require_http_methods(["GET", "POST"])
def unlock(request: ClinicRequest) -> HttpResponse:
    """A page that unlocks every tab of this sign-in. The right PIN has been taken by the gate."""
    if request.actor.staff_id is None:
        return redirect("people:account")
    if lock.is_locked(request):
        return lock.ask(request)
    if not request.accepts("text/html"):
        return JsonResponse({"locked": False})
    return render(request, "people/unlocked.html")


@require_POST
def awake(request: ClinicRequest) -> HttpResponse:
    """Somebody types or presses: at most once a minute the page says so."""
    return HttpResponse(status=204)
