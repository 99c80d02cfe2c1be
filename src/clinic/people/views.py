"""Pages about people."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from clinic.people import actions, queries
from clinic.people.forms import JoinTeamForm, PatientForm
from clinic.people.gate import ClinicRequest
from clinic.people.models import CareTeamMember


def patient_list(request: ClinicRequest) -> HttpResponse:
    """Everybody the clinic knows, or those that match."""
    words = request.GET.get("q", "").strip()
    page = Paginator(queries.patients_matching(words), 50).get_page(request.GET.get("page"))
    return render(request, "people/list.html", {"page": page, "words": words})


def register(request: ClinicRequest) -> HttpResponse:
    """Add a person, after showing anybody they might already be."""
    form = PatientForm(request.POST or None)
    alike = []
    if request.method == "POST" and form.is_valid():
        alike = list(queries.namesakes(form.instance))
        if not alike or form.cleaned_data["confirmed_different"]:
            patient = actions.register_patient(
                patient=form.instance, by=request.user, at=timezone.now()
            )
            return redirect("people:patient", patient_id=patient.pk)
    return render(request, "people/register.html", {"form": form, "alike": alike})


def patient(request: ClinicRequest) -> HttpResponse:
    """Who this is, how to reach them, who treats them."""
    now = timezone.now()
    shown = {
        "patient": request.patient,
        "namesakes": queries.namesakes(request.patient),
        "team": queries.care_team(request.patient, now),
        "join_form": JoinTeamForm(),
    }
    return render(request, "people/patient.html", shown)


def edit(request: ClinicRequest) -> HttpResponse:
    """Correct names and contacts."""
    form = PatientForm(request.POST or None, instance=request.patient)
    if request.method == "POST" and form.is_valid():
        actions.correct_identity(
            patient=form.instance,
            changed=[name for name in form.changed_data if name in form.Meta.fields],
            by=request.user,
            at=timezone.now(),
        )
        return redirect("people:patient", patient_id=request.patient.pk)
    return render(request, "people/edit.html", {"form": form, "patient": request.patient})


def team(request: ClinicRequest) -> HttpResponse:
    """Add somebody to the team, or end their part in it."""
    if request.method == "POST":
        now = timezone.now()
        if "leave" in request.POST:
            member = get_object_or_404(
                CareTeamMember, patient=request.patient, pk=request.POST["leave"], ends_at=None
            )
            actions.leave_team(member=member, by=request.user, at=now)
        else:
            form = JoinTeamForm(request.POST)
            if form.is_valid():
                staff = form.cleaned_data["staff"]
                actions.join_team(patient=request.patient, staff=staff, by=request.user, at=now)
    return redirect("people:patient", patient_id=request.patient.pk)
