"""Pages about one alert."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.alerts import actions, plans, queries
from clinic.alerts.forms import CloseForm, StepForm
from clinic.alerts.models import Alert, StepKind
from clinic.people import access
from clinic.people.gate import ClinicRequest

CLOSED = "Somebody closed this alert meanwhile. Nothing was added."
NO_PLAN = (
    "No safety plan was made or gone through since this alert was raised. Do that first, or say "
    "why there is none."
)


def alert(request: ClinicRequest, alert_id: UUID) -> HttpResponse:
    """What happened, whom to call, whose it is, and what was done."""
    return _page(request, _found(request, alert_id), StepForm())


@require_POST
def step(request: ClinicRequest, alert_id: UUID) -> HttpResponse:
    """Acknowledge, try to reach, or hand over."""
    found, form = _found(request, alert_id), StepForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    told, contact = form.cleaned_data, form.contact()
    by, now = request.user.staff, timezone.now()
    try:
        if contact is not None:
            actions.record_contact(alert=found, contact=contact, by=by, at=now, note=told["note"])
        else:
            actions.take_step(
                alert=found,
                kind=StepKind(told["kind"]),
                by=by,
                at=now,
                note=told["note"],
                to=told["to"],
            )
    except actions.AlertClosed:
        messages.warning(request, CLOSED)
    return _back(found)


@require_POST
def close(request: ClinicRequest, alert_id: UUID) -> HttpResponse:
    """Close with the outcome in words."""
    found = _found(request, alert_id)
    form = CloseForm(request.POST, asked=plans.asked(found))
    if not form.is_valid():
        return _page(request, found, StepForm(), form)
    try:
        actions.close(alert=found, outcome=form.outcome(), by=request.user.staff, at=timezone.now())
    except actions.AlertClosed:
        messages.warning(request, CLOSED)
    except actions.NoPlanOnRecord:
        form.add_error("plan", NO_PLAN)
        return _page(request, found, StepForm(), form)
    return _back(found)


def _found(request: ClinicRequest, alert_id: UUID) -> Alert:
    return get_object_or_404(queries.alerts(), patient=request.patient, pk=alert_id)


def _back(found: Alert) -> HttpResponse:
    return redirect("alerts:alert", patient_id=found.patient_id, alert_id=found.pk)


def _page(
    request: ClinicRequest, found: Alert, step_form: StepForm, close_form: CloseForm | None = None
) -> HttpResponse:
    now, asked = timezone.now(), plans.asked(found)
    shown = {
        "now": now,
        "patient": request.patient,
        "item": queries.shown(found, now),
        "told": queries.told(found),
        "step_form": step_form,
        "close_form": close_form or CloseForm(asked=asked),
        "plan_asked": asked,
        "may_close": access.may(request.actor, "close_alert", request.patient),
        "may_open_chart": access.may(request.actor, "open_chart", request.patient),
        "may_plan": access.may(request.actor, "make_safety_plan", request.patient),
    }
    return render(request, "alerts/alert.html", shown)
