"""The page and the worker that open without a network, and whose what waits on a device is."""

import hashlib
from dataclasses import replace
from functools import cache
from pathlib import Path
from uuid import UUID

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinic.dosing import chairside, offline
from clinic.dosing.models import DosingSession
from clinic.dosing.views import for_session
from clinic.people import access
from clinic.people.gate import ClinicRequest

# What the page without a network is made of. Nothing of any person is among it.
STYLES = ("tokens", "base", "layout", "forms", "components", "lock", "tables", "patient", "print")
SHELL = (
    *(f"site/{name}.css" for name in STYLES),
    *("site/demo-print.css", "site/unsigned-print.css", "site/icon.svg"),
    *("dosing/console.css", "dosing/ages.js", "dosing/outbox.js", "dosing/drain.js"),
    *(
        "dosing/charting.js",
        "dosing/entries.js",
        "dosing/waiting.js",
        "dosing/shell.js",
        "front-end/idb.js",
    ),
)

FORMS: dict[str, object] = {**chairside.OFFERED, "typed": {}}


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It keeps the page below and its files, and no other."""
    shown = {"page": reverse("dosing:offline_page"), "files": _kept(), "revision": _revision()}
    script = render_to_string("dosing/worker.js", shown)
    answer = HttpResponse(script, content_type="text/javascript")
    answer["Service-Worker-Allowed"] = "/"
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The console without a network: forms, and what waits here. The same for everybody."""
    return render(request, "dosing/offline.html", FORMS)


@cache
def _kept() -> list[tuple[str, str]]:
    """Each file's address with what changes when it does."""
    found = [(name, finders.find(name)) for name in SHELL]
    return [
        (static(name), hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16])
        for name, path in found
        if path
    ]


@cache
def _revision() -> str:
    page_only = render_to_string("dosing/offline.html", FORMS)
    return hashlib.sha256((page_only + str(_kept())).encode()).hexdigest()[:16]


@require_POST
@for_session
def here(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """A console of this person goes on recording on its device when it reaches nobody."""
    if not offline.is_possible():
        return JsonResponse({"error": "Set-up did not bring what this takes."}, status=409)
    found = offline.named(session=session, by=request.user, at=timezone.now())
    return _told(request, found)


@require_safe
def known(request: ClinicRequest, name_id: UUID) -> HttpResponse:
    """Where what waits under a name goes; to anybody else who may watch, who has to send it."""
    found = offline.known(name_id, request.user)
    if found is None:
        raise Http404
    who = replace(request.actor, session_id=found.name.session_id)
    if not access.may(who, "see_session", found.name.session.patient):
        raise Http404
    return _told(request, found)


def _told(request: ClinicRequest, found: offline.Known) -> HttpResponse:
    more = {"csrf": get_token(request), "now": timezone.now().isoformat()}
    return JsonResponse(found.told() | more)


@require_safe
def waiting(request: ClinicRequest) -> HttpResponse:
    """What waits on this device, to be sent, printed or wiped. The browser alone knows it."""
    return render(request, "dosing/waiting.html")
