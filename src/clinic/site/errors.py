"""Error pages of a patient, in the browser's language, with whom to call. Staff keep their own."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views import csrf, defaults

from clinic.people import crisis, tongue

OF_PATIENTS = ("/q/", "/me/")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing is at this address, or nothing for whoever asks."""
    return _told(request, "not found", 404) or defaults.page_not_found(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    """The fault is ours."""
    return _told(request, "failed", 500) or defaults.server_error(request)


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: a page that stood open for long, or a browser without cookies."""
    return _told(request, "too old", 403) or csrf.csrf_failure(request, reason)


def _told(request: HttpRequest, what: str, status: int) -> HttpResponse | None:
    """Made without the request's session or the database: either may be what failed."""
    if not request.path.startswith(OF_PATIENTS):
        return None
    language = tongue.of_browser(request)
    with translation.override(language):
        shown = {
            "what": what,
            "tongue": language,
            "clinic_name": settings.CLINIC_NAME,
            "clinic_phone": settings.CLINIC_PHONE,
            "crisis_contacts": crisis.lines(),
        }
        return HttpResponse(render_to_string("site/patient_error.html", shown), status=status)
