"""The language of a patient's pages: their own, or the one they chose on the page.

Only the words around a questionnaire are ours to translate. A questionnaire's own words stay those
that were imported for a language, and are marked with it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from clinic.people.models import Patient

_CHOSEN = "page-language"
OF_PATIENTS = ("/me/", "/q/", "/welcome/")
_DOORS = "/account/"


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


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a page. in_care: a patient, or whoever holds a link of theirs."""

    in_care: bool
    language: str


class TongueMiddleware:
    """A patient reads every page in their own language; staff read English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """In their language, error pages and messages too."""
        found = reader(request)
        request.reader = found  # type: ignore[attr-defined]  # read by the templates' context
        with translation.override(found.language):
            return self.get_response(request)


def reader(request: HttpRequest) -> Reader:
    """A patient reads their own language; a stranger at a door what the browser asks for."""
    theirs = request.path.startswith(OF_PATIENTS)
    patient = getattr(request.user, "patient", None)
    if patient is not None and (theirs or not _works_here(request.user)):
        return Reader(True, read_in(request, patient))
    at_a_door = theirs or (request.user.is_anonymous and request.path.startswith(_DOORS))
    return Reader(theirs, of_browser(request) if at_a_door else settings.LANGUAGE_CODE)


def _works_here(user: object) -> bool:
    staff = getattr(user, "staff", None)
    return staff is not None and staff.left_at is None
