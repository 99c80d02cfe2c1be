"""Pages of staff that ask for a questionnaire: the link is shown once, to hand over or send."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from clinic.measures import actions, due, queries, square
from clinic.measures.forms import AskForm
from clinic.measures.models import Assignment
from clinic.measures.offers import Offers
from clinic.measures.own_words import MOMENT
from clinic.people.gate import ClinicRequest
from kapstone import instruments

LOST = "It was answered or taken back meanwhile. Nothing was changed."


@never_cache
def ask(request: ClinicRequest) -> HttpResponse:
    """Ask for a questionnaire."""
    now = timezone.now()
    offered = [instruments.load(each) for each in Offers().instruments_in(request.patient.language)]
    form = AskForm(request.POST or None, offered=offered, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            assignment, secret = actions.ask(
                patient=request.patient,
                instrument=form.cleaned_data["instrument"],
                closes_at=due.no_longer_than(
                    now + form.closes_after(),
                    request.patient,
                    form.cleaned_data["instrument"],
                    now,
                ),
                by=request.user,
                at=now,
            )
        except actions.AlreadyAsked:
            form.add_error("instrument", "This one is waiting for an answer already; see below.")
        except actions.NobodyToAsk:
            form.add_error(None, "This person died. Nothing is asked any more.")
        else:
            return _show_link(request, assignment, secret)
    shown = {
        "now": now,
        "form": form,
        "patient": request.patient,
        "offered": offered,
        "ours_alone": all(each.id == MOMENT for each in offered),
        "waiting": queries.waiting(request.patient, now),
    }
    return render(request, "measures/ask.html", shown)


@never_cache
@require_POST
def renew(request: ClinicRequest, assignment_id: UUID) -> HttpResponse:
    """A new link for one that was lost or locked; the answers so far stay."""
    now = timezone.now()
    assignment = get_object_or_404(Assignment, patient=request.patient, pk=assignment_id)
    lifetime = assignment.closes_at - assignment.link_made_at
    try:
        secret = actions.renew_link(
            assignment=assignment, closes_at=now + lifetime, by=request.user, at=now
        )
    except actions.LinkDead:
        messages.warning(request, LOST)
        return redirect("measures:ask", patient_id=request.patient.pk)
    assignment.refresh_from_db()
    return _show_link(request, assignment, secret)


@require_POST
def cancel(request: ClinicRequest, assignment_id: UUID) -> HttpResponse:
    """Ask no longer."""
    assignment = get_object_or_404(Assignment, patient=request.patient, pk=assignment_id)
    try:
        actions.cancel_assignment(assignment=assignment, by=request.user, at=timezone.now())
    except actions.LinkDead:
        messages.warning(request, LOST)
    else:
        messages.success(request, "Taken back. Its link is dead.")
    return redirect("measures:ask", patient_id=request.patient.pk)


def _show_link(request: ClinicRequest, assignment: Assignment, secret: str) -> HttpResponse:
    link = request.build_absolute_uri(reverse("measures:link", args=[secret]))
    shown = {
        "patient": request.patient,
        "name": instruments.load(assignment.instrument, assignment.instrument_version).name,
        "closes_at": assignment.closes_at,
        "link": link,
        "square": square.image(link),
    }
    return render(request, "measures/made.html", shown)
