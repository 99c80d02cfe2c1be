"""A series: where it stands, what waits for a prescriber, and what was asked for at home."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinic.episodes.models import SeriesDecision
from clinic.people import access
from clinic.people.gate import ClinicRequest
from clinic.planning import actions, course, queries, spacing
from clinic.planning.forms import add_problem
from clinic.planning.models import TakeHomeRequest
from clinic.planning.series_form import CloserForm, DecideForm, TakeHomeForm
from kapstone import series
from kapstone.errors import KapstoneError


@require_safe
def series_page(request: ClinicRequest) -> HttpResponse:
    """Where the series stands."""
    return _page(request)


@require_POST
def decide(request: ClinicRequest) -> HttpResponse:
    """A prescriber decides on what waits."""
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, decide_form=form)
    told = form.cleaned_data
    try:
        actions.decide_series(
            patient=request.patient,
            choice=SeriesDecision.Choice(told["choice"]),
            rationale=told["rationale"],
            by=request.user,
            at=timezone.now(),
        )
    except actions.NothingWaits as error:
        messages.warning(request, str(error))
    except KapstoneError as error:
        add_problem(form, error)
        return _page(request, decide_form=form)
    else:
        messages.success(request, "The decision is on record.")
    return redirect("planning:series", patient_id=request.patient.pk)


@require_POST
def closer(request: ClinicRequest) -> HttpResponse:
    """A prescriber allows one booking closer, or more often."""
    form, plan = CloserForm(request.POST), queries.current_plan(request.patient)
    if not form.is_valid() or plan is None:
        return _page(request, closer_form=form)
    told = form.cleaned_data
    try:
        actions.allow_closer(
            patient=request.patient,
            wanted=spacing.wanted(plan.product, plan.route, told["starts_at"]),
            rationale=told["rationale"],
            by=request.user,
            at=timezone.now(),
        )
    except KapstoneError as error:
        add_problem(form, error)
        return _page(request, closer_form=form)
    messages.success(request, "One dose may be booked from then on.")
    return redirect("planning:series", patient_id=request.patient.pk)


@require_POST
def take_home(request: ClinicRequest) -> HttpResponse:
    """A request for a dose outside the clinic is written down, with the answer. Never an order."""
    form = TakeHomeForm(request.POST)
    if not form.is_valid():
        return _page(request, take_home_form=form)
    asked = TakeHomeRequest(patient=request.patient, **form.cleaned_data)
    actions.record_take_home(asked=asked, by=request.user, at=timezone.now())
    messages.success(request, "The request is on record. No dose follows from it.")
    return redirect("planning:series", patient_id=request.patient.pk)


def _page(request: ClinicRequest, **sent: forms.Form) -> HttpResponse:
    patient, now = request.patient, timezone.now()
    held = course.of(patient)
    shown: dict[str, object] = {
        "now": now,
        "patient": patient,
        "held": held,
        "requests": patient.take_home_requests.select_related("by").order_by("-at"),
        "decide_form": DecideForm(),
        "closer_form": CloserForm(),
        "take_home_form": TakeHomeForm(),
        "remarks": series.content().remarks,
    }
    if held is not None:
        waits = spacing.waiting(held, now)
        shown |= {
            "waits": waits,
            "phase": series.phase(held.course),
            "taper": series.taper_step(held.course),
            "standings": series.standings(held.course, now),
            "decisions": held.decisions[::-1],
            "next_dose": len(held.course.doses) + 1,
            "may_decide": access.may(request.actor, "decide_series", patient),
        }
    status = 422 if sent else 200
    return render(request, "planning/series.html", shown | sent, status=status)
