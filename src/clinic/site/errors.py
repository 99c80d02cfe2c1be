"""Error pages of a patient, in their language, with whom to call. Staff keep their own."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.views import csrf, defaults

from clinic.people import crisis, tongue

AGAIN_S = 2
AWAY = (
    "It is not certain that this was saved: the clinic cannot reach its records. Write it on paper "
    "and watch the bedside monitor. Send it again in a moment; an entry of a session is charted "
    "only once."
)
FULL = (
    "Not saved: the clinic's disk is full, and nothing can be written. Write it on paper. Call "
    "whoever looks after the server, then send it again."
)
DISK_FULL = "53100"  # PostgreSQL's own code


def not_open(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page of the staff's, or of a role one does not have."""
    return _told(request, "not open", 403) or defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing is at this address, or nothing for whoever asks."""
    return _told(request, "not found", 404) or defaults.page_not_found(request, exception)


def too_many(request: HttpRequest) -> HttpResponse:
    """More tries in a minute than a person makes."""
    return _told(request, "too many", 429) or render(request, "429.html", status=429)


def failed(request: HttpRequest) -> HttpResponse:
    """The fault is ours. Where the records are out of reach it says so, and to come back."""
    error = sys.exc_info()[1]  # Django calls this while it is handled, and does not pass it on
    if isinstance(error, OperationalError | InterfaceError):
        return _away(request, FULL if is_full(error) else AWAY)
    return _told(request, "failed", 500) or defaults.server_error(request)


def is_full(error: BaseException) -> bool:
    """Whether a database refused because its disk is full."""
    return getattr(error.__cause__, "sqlstate", "") == DISK_FULL or "is full" in str(error)


def _away(request: HttpRequest, words: str) -> HttpResponse:
    if request.accepts("application/json") and not request.accepts("text/html"):
        answer: HttpResponse = JsonResponse({"error": words}, status=503)
    else:
        page = render_to_string("503.html", {"words": words})
        answer = _told(request, "failed", 503) or HttpResponse(page, status=503)
    answer["Retry-After"] = str(AGAIN_S)
    return answer


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: a page that stood open for long, or a browser without cookies."""
    return _told(request, "too old", 403) or csrf.csrf_failure(request, reason)


def _told(request: HttpRequest, what: str, status: int) -> HttpResponse | None:
    """Made without the request's session or the database: either may be what failed."""
    reader = getattr(request, "reader", None) or _unread(request)
    if not reader.in_care:
        return None
    with translation.override(reader.language):
        shown = {
            "what": what,
            "tongue": reader.language,
            "by_link": request.path.startswith("/q/"),
            "clinic_name": settings.CLINIC_NAME,
            "clinic_phone": settings.CLINIC_PHONE,
            "crisis_contacts": crisis.lines(),
        }
        return HttpResponse(render_to_string("site/patient_error.html", shown), status=status)


def _unread(request: HttpRequest) -> tongue.Reader:
    """Where it failed before it was known who reads: what the address and the browser say."""
    theirs = request.path.startswith(tongue.OF_PATIENTS)
    return tongue.Reader(theirs, tongue.of_browser(request))
