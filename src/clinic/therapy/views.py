"""Pages about preparation, touch and the visits after a dose."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form, ModelForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinic.episodes import queries as episodes
from clinic.people.gate import ClinicRequest
from clinic.therapy import actions, queries
from clinic.therapy.forms import DangerForm, DebriefForm
from clinic.therapy.integration_forms import CorrectionForm, IntegrationForm
from clinic.therapy.models import IntegrationVisit, Preparation
from clinic.therapy.preparation_forms import PreparationForm
from kapstone.errors import InvalidInput, KapstoneError

OF_THE_VISIT = ("held_at", "topics", "touch_rehearsed", "tension_score", "sleep_hours")


def therapy(request: ClinicRequest) -> HttpResponse:
    """Everything of this room about one person."""
    now = timezone.now()
    due = queries.integration_due(request.patient)
    last = episodes.given_doses(request.patient).last()
    shown = {
        "now": now,
        "patient": request.patient,
        "episode": episodes.open_episode(request.patient),
        "preparation": queries.preparation(request.patient),
        "visit_count": queries.preparations(request.patient).count(),
        "agreement": queries.touch_agreement(request.patient),
        "due": due,
        "overdue": due is not None and due.overdue(now),
        "visits": (visits := list(queries.integration_visits(request.patient))),
        "change": [each for each in reversed(visits) if each.together_score is not None],
        "last_dose": last,
        "model": queries.dose_model(request.patient),
        "after_count": queries.visits_after(request.patient, last) if last else 0,
        "debriefs": queries.debriefs(request.patient),
        "dangers": queries.dangers_told(request.patient),
        "asked": queries.asked_about_touch(request.patient),
        "to_ask": queries.dose_to_ask(request.patient, now),
        "may_touch": queries.may_touch(request.patient, request.user),
    }
    return render(request, "therapy/therapy.html", shown)


def prepare(request: ClinicRequest) -> HttpResponse:
    """Record a preparation visit. What was said last time is filled in, to be gone through."""
    now = timezone.now()
    draft = _draft(queries.preparation(request.patient), request, now)
    form = PreparationForm(request.POST or None, instance=draft, at=now)
    if request.method == "POST" and form.is_valid():
        actions.record_preparation(preparation=form.instance, by=request.user, at=now)
        messages.success(request, "The visit is on record.")
        return back(request)
    return render(request, "therapy/prepare.html", {"patient": request.patient, "form": form})


def _draft(last: Preparation | None, request: ClinicRequest, now: datetime) -> Preparation:
    kept = [name for name in PreparationForm.Meta.fields if name not in OF_THE_VISIT]
    words = {name: getattr(last, name) for name in kept} if last else {}
    words["intention"] = queries.intention_words(request.patient)  # theirs, if newer
    return Preparation(patient=request.patient, held_at=now, **words)


@require_POST
def complete(request: ClinicRequest) -> HttpResponse:
    """Say that preparation is complete."""
    try:
        actions.complete_preparation(patient=request.patient, by=request.user, at=timezone.now())
        messages.success(request, "Preparation is complete.")
    except KapstoneError as refused:
        messages.warning(request, str(refused))
    return back(request)


def debrief(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """A few lines before the person leaves."""
    dose_of(request, session_id)
    form = DebriefForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        actions.record_debrief(
            patient=request.patient,
            session_id=session_id,
            text=text,
            by=request.user,
            at=timezone.now(),
        )
        return back(request)
    return form_page(request, form, "Before they leave", "Keep these lines")


@require_http_methods(["GET", "POST"])
def tell_danger(request: ClinicRequest) -> HttpResponse:
    """A danger: into the chart, and to whoever is on call."""
    form = DangerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        actions.tell_danger(
            patient=request.patient, words=words, by=request.user, at=timezone.now()
        )
        messages.warning(request, "It is in the chart, and an immediate alert was raised.")
        return back(request)
    return form_page(request, form, "Tell of a danger", "Chart it and raise an alert")


def integrate(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Record an integration visit after one session's dose."""
    dose_of(request, session_id)
    now = timezone.now()
    model = queries.dose_model(request.patient)
    draft = IntegrationVisit(patient=request.patient, session_id=session_id, held_at=now)
    draft.structures = list(model.structures) if model else []
    form = IntegrationForm(request.POST or None, instance=draft, at=now)
    return _record_visit(request, form, "Integration visit")


def correct_integration(request: ClinicRequest, visit_id: UUID) -> HttpResponse:
    """Correct a visit: the first row stays, a new one replaces it."""
    visit = get_object_or_404(queries.integration_visits(request.patient), pk=visit_id)
    kept = ["session_id", *IntegrationForm.Meta.fields]
    draft = IntegrationVisit(patient=request.patient, replaces=visit)
    for name in kept:
        setattr(draft, name, getattr(visit, name))
    form = CorrectionForm(request.POST or None, instance=draft, at=timezone.now())
    return _record_visit(request, form, "Correct an integration visit")


def _record_visit(request: ClinicRequest, form: IntegrationForm, heading: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_integration(visit=form.instance, by=request.user, at=form.at)
        except InvalidInput as refused:
            form.add_error("held_at", f"This {refused.problem} {refused.mend}")
        else:
            messages.success(request, "The visit is on record.")
            return back(request)
    last = episodes.given_doses(request.patient).last()
    shown = {
        "patient": request.patient,
        "form": form,
        "heading": heading,
        "soon": last is not None and queries.decisions_wait(last, form.at),
    }
    return render(request, "therapy/integrate.html", shown)


def dose_of(request: ClinicRequest, session_id: UUID) -> None:
    """404 unless a dose was given in this session."""
    if not episodes.given_doses(request.patient).filter(session_id=session_id).exists():
        raise Http404


def back(request: ClinicRequest) -> HttpResponse:
    """To the page of the room."""
    return redirect("therapy:therapy", patient_id=request.patient.pk)


def form_page(
    request: ClinicRequest, form: Form | ModelForm[Any], heading: str, button: str
) -> HttpResponse:
    """One form of the room."""
    shown = {"patient": request.patient, "form": form, "heading": heading, "button": button}
    return render(request, "therapy/form.html", shown)
