"""An idle screen of staff is locked: what is asked of it waits for a PIN, password or passkey.

Nobody is signed out and nothing typed is lost. What stands open in access.toml (`beside`) goes on:
a console beside a chair is still read, its alarms go on, and help can be called.
"""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.internal import auth as webauthn
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from clinic.people import idle, proof
from clinic.people.access import Route
from clinic.people.signed_out import PROOFS, Carried

SECRET, PASSKEY, PAGE = "unlock-secret", "unlock-passkey", "unlock-page"
_OURS = (SECRET, PASSKEY, PAGE)
LOCKED = "Locked: type your PIN. What you typed is still here."
WRONG = "That did not unlock it. After ten wrong tries there is a pause of five minutes."
HEADER, LEFT = "X-Locked", "X-Idle-S"


def keep(request: Any, route: Route) -> HttpResponse | None:
    """Nothing where somebody is there or what is asked stays open; else the page that asks.

    What was posted goes on as soon as the screen is unlocked by the same form.
    """
    if request.actor.staff_id is None:
        return None
    now_s = request.actor.at.timestamp()
    tried = bool(request.POST.get(SECRET) or request.POST.get(PASSKEY))
    if is_locked(request) and tried:
        if not proof.unlocks(request, request.POST.get(SECRET, ""), request.POST.get(PASSKEY, "")):
            return ask(request, wrong=True)
        idle.begin(request, now_s)
    if is_locked(request):
        return None if route.beside else ask(request)
    # What waited on a device is sent by the page itself, again and again if need be.
    quiet = route.quiet or request.POST.get("waited") == "yes"
    idle.note(request, now_s, quiet=quiet)
    return _go_on(request) if any(name in request.POST for name in _OURS) else None


def is_locked(request: Any) -> bool:
    """Whether nobody acted for so long that the screen is locked. Only staff's ever is."""
    return left_s(request) is not None and left_s(request) <= 0  # type: ignore[operator]  # not None


def left_s(request: Any) -> int | None:
    """Seconds until a member of staff's screen locks; None for everybody else."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.staff_id is None:
        return None
    return max(0, idle.left_s(request.session, actor.at.timestamp()))


def tell(request: HttpRequest, response: HttpResponse) -> None:
    """Every answer says how long is left, so that each open page locks and unlocks with it."""
    if (left := left_s(request)) is not None:
        response.headers[LEFT] = str(left)


def _go_on(request: Any) -> HttpResponse | None:
    """Unlocked by a form of its own: back to the page; by one with words in it: they go on."""
    if PAGE in request.POST and request.resolver_match.view_name != "people:unlock":
        return redirect(request.get_full_path())
    posted = request.POST.copy()
    for name in _OURS:
        posted.pop(name, None)
    proof.hand_on(request, posted)
    return None


def ask(request: Any, *, wrong: bool = False) -> HttpResponse:
    """The page that asks who is there; a script hears it in words."""
    if request.htmx or not request.accepts("text/html"):
        told = {"error": WRONG if wrong else LOCKED, "locked": True}
        response: HttpResponse = JsonResponse(told, status=403)
    else:
        response = render(request, "people/locked.html", _shown(request, wrong), status=403)
    response.headers[HEADER] = "yes"
    return response


def _shown(request: Any, wrong: bool) -> dict[str, object]:
    shown: dict[str, object] = {
        "carried": [
            Carried(name, value)
            for name, values in request.POST.lists()
            if name not in PROOFS and name not in _OURS
            for value in values
        ],
        "posted": request.method == "POST" and PAGE not in request.POST,
        "files": bool(request.FILES),
        "wrong": wrong,
    }
    if is_mfa_enabled(request.user, types=["webauthn"]):
        shown["passkey"] = {"request_options": webauthn.begin_authentication(request.user)}
    return shown
