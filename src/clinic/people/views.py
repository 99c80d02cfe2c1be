"""Pages about people."""

from copy import copy

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinic.people import actions, admission, queries
from clinic.people.forms import JoinTeamForm, PatientForm
from clinic.people.gate import ClinicRequest
from clinic.people.models import CareTeamMember, Patient

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
def patient_list(request: ClinicRequest) -> HttpResponse:
    """Everybody the clinic knows, or those that match.

    A search is posted although it changes nothing: names must not stand in addresses, which
    histories and logs keep.
    """
    words = request.POST.get("q", "").strip()
    page = Paginator(queries.patients_matching(words), PAGE_SIZE).get_page(request.POST.get("page"))
    template = "people/results.html" if request.htmx else "people/list.html"
    return render(request, template, {"page": page, "words": words})


def register(request: ClinicRequest) -> HttpResponse:
    """Add a person, after showing anybody they might already be.

    `confirmed_different` carries the record numbers that were on the screen: somebody who came
    in or matches only since then is shown first.
    """
    if not settings.DEMO and (why := admission.why_not()):
        return render(request, "people/nobody_real.html", {"why": why}, status=409)
    form = PatientForm(request.POST or None)
    form.instance.synthetic = settings.DEMO
    alike: list[Patient] = []
    if request.method == "POST" and form.is_valid():
        alike = list(queries.namesakes(form.instance))
        shown = request.POST.get("confirmed_different", "").split()
        if all(other.record_number in shown for other in alike):
            patient = actions.register_patient(
                patient=form.instance, by=request.user, at=timezone.now()
            )
            messages.success(request, f"Added, with record number {patient.record_number}.")
            return redirect("people:patient", patient_id=patient.pk)
    return render(request, "people/register.html", {"form": form, "alike": alike})


def patient(request: ClinicRequest) -> HttpResponse:
    """Who this is, how to reach them, who treats them."""
    now = timezone.now()
    shown = {
        "patient": request.patient,
        "team": queries.care_team(request.patient, now),
        "join_form": JoinTeamForm(patient=request.patient, at=now),
    }
    return render(request, "people/patient.html", shown)


def edit(request: ClinicRequest) -> HttpResponse:
    """Correct names and contacts."""
    form = PatientForm(
        request.POST or None, instance=copy(request.patient)
    )  # the strip shows what is kept
    if request.method == "POST" and form.is_valid():
        actions.correct_identity(
            patient=form.instance,
            changed=[name for name in form.changed_data if name in form.Meta.fields],
            by=request.user,
            at=timezone.now(),
        )
        return redirect("people:patient", patient_id=request.patient.pk)
    return render(request, "people/edit.html", {"form": form, "patient": request.patient})


@require_POST
def team(request: ClinicRequest) -> HttpResponse:
    """Add somebody to the team, or end their part in it."""
    now = timezone.now()
    if "leave" in request.POST:
        member = get_object_or_404(
            CareTeamMember, patient=request.patient, pk=_number(request.POST["leave"]), ends_at=None
        )
        actions.leave_team(member=member, by=request.user, at=now)
        messages.success(request, f"{member.staff.name} is off the team from now on.")
        return redirect("people:patient", patient_id=request.patient.pk)
    form = JoinTeamForm(request.POST, patient=request.patient, at=now)
    if form.is_valid():
        staff = form.cleaned_data["staff"]
        actions.join_team(patient=request.patient, staff=staff, by=request.user, at=now)
        messages.success(request, f"{staff.name} is on the team.")
    else:
        messages.error(request, "Nobody was added. Add to the team somebody who works here.")
    return redirect("people:patient", patient_id=request.patient.pk)


def audit_trail(request: ClinicRequest) -> HttpResponse:
    """Who read or changed this person's record."""
    page = Paginator(queries.trail(request.patient), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = {"patient": request.patient, "page": page, "now": timezone.now()}
    return render(request, "people/audit.html", shown)


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() else 0
