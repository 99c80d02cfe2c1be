"""What a patient's page leads to: help at once, another language, another pace."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic.episodes import queries as episodes
from clinic.measures import worrying
from clinic.measures.answering import by_link, choose_pace
from clinic.measures.link import in_visit
from clinic.measures.models import Assignment
from clinic.people import tongue
from clinic.people.gate import ClinicRequest


@require_POST
@by_link
def help_now(request: HttpRequest, assignment: Assignment, secret: str) -> HttpResponse:
    """*I need help now*: an alert at once, even before any date of birth was given."""
    now = timezone.now()
    known = in_visit(request, assignment, now)
    if not episodes.has_died(assignment.patient):
        worrying.ask_for_help(
            patient=assignment.patient, assignment=assignment, at=now, known=known
        )
    return redirect("measures:called", secret=secret)


@by_link
def called(request: HttpRequest, assignment: Assignment, secret: str) -> HttpResponse:
    """What happens now that somebody asked for help. It names nobody."""
    now = timezone.now()
    shown = {
        "secret": secret,
        "called": worrying.waiting_to_be_called(assignment.patient).exists(),
        "next_look": worrying.next_look(assignment.patient, now),
    }
    return render(request, "measures/called.html", shown)


@require_POST
def own_help(request: ClinicRequest) -> HttpResponse:
    """The same from a person's own page."""
    now = timezone.now()
    worrying.ask_for_help(patient=request.patient, at=now)
    told = _("Somebody at the clinic is being told now. Keep your phone near.")
    messages.success(request, f"{told} {worrying.next_look(request.patient, now)}".strip())
    return redirect("people:me")


@require_POST
@by_link
def language(request: HttpRequest, assignment: Assignment, secret: str) -> HttpResponse:
    """Read these pages in another language."""
    tongue.choose(request, assignment.patient, request.POST.get("language", ""))
    return _back(request) or redirect("measures:link", secret=secret)


@require_POST
@by_link
def pace(request: HttpRequest, assignment: Assignment, secret: str) -> HttpResponse:
    """All questions on one page, or one at a time."""
    choose_pace(request, assignment, whole=request.POST.get("whole") == "yes")
    return redirect("measures:answer", secret=secret)


@require_POST
def own_language(request: ClinicRequest) -> HttpResponse:
    """Read one's own pages in another language."""
    tongue.choose(request, request.patient, request.POST.get("language", ""))
    return _back(request) or redirect("people:me")


def _back(request: HttpRequest) -> HttpResponse | None:
    """To the page the choice was made on, where it is one of ours."""
    there = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure())
    return redirect(there) if ours else None
