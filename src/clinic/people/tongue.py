"""The language of a patient's pages: their own, or the one they chose on the page.

Only the words around a questionnaire are ours to translate. A questionnaire's own words stay those
that were imported for a language, and are marked with it.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation

from clinic.people.gate import ClinicRequest
from clinic.people.models import Patient

_CHOSEN = "page-language"
_DOORS = ("account_login", "account_logout")


def spoken() -> list[str]:
    """The languages our pages are written in."""
    return [code for code, _ in settings.LANGUAGES]


def read_in(request: HttpRequest, patient: Patient) -> str:
    """What this person chose in this browser, else the language of their record, else English."""
    whose, chosen = request.session.get(_CHOSEN, ("", ""))
    if whose == str(patient.pk):
        return str(chosen)
    return own(patient)


def own(patient: Patient) -> str:
    """The language of their record; English where we do not write it."""
    language = patient.language.casefold().partition("-")[0]
    return language if language in spoken() else "en"


def choose(request: HttpRequest, patient: Patient, language: str) -> None:
    """Read in this language from now on; a language we do not write is passed over.

    The choice is this person's: whoever takes the same tablet next reads in their own.
    """
    if language in spoken():
        request.session[_CHOSEN] = [str(patient.pk), language]


def of_browser(request: HttpRequest) -> str:
    """What the browser asks for, where nobody is known yet."""
    return translation.get_language_from_request(request).partition("-")[0]


class DoorMiddleware:
    """Signing in and out: what the browser asks for, then a patient's own; staff read English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Only these pages are translated of what allauth shows."""
        if request.path not in {reverse(name) for name in _DOORS}:
            return self.get_response(request)
        with translation.override(_at_the_door(request)):
            return self.get_response(request)


def _at_the_door(request: HttpRequest) -> str:
    if not request.user.is_authenticated:
        return of_browser(request)
    patient = Patient.objects.filter(user=request.user.pk).first()
    return read_in(request, patient) if patient else "en"


def in_their_language(
    view: Callable[[ClinicRequest], HttpResponse],
) -> Callable[[ClinicRequest], HttpResponse]:
    """A page of somebody who is signed in, rendered in the language they read."""

    @wraps(view)
    def shown(request: ClinicRequest) -> HttpResponse:
        with translation.override(read_in(request, request.patient)):
            return view(request)

    return shown
