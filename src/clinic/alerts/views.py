"""Pages about one alert."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.alerts import actions, contacts, plans, queries
from clinic.alerts.forms import CloseForm, StepForm, TryForm
from clinic.alerts.models import Alert, StepKind, TierContact
from clinic.people import access
from clinic.people.gate import ClinicRequest

CLOSED = "Somebody closed this alert meanwhile. Nothing was added."
SETTLED = "This contact was made, or is no longer asked for. Nothing was added."
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


def contact(request: ClinicRequest, contact_id: UUID) -> HttpResponse:
    """A contact after a suicide tier: whom to call, who tried, and what came of it."""
    now = timezone.now()
    rows = TierContact.objects.select_related("alert", "patient__reach")
    task = get_object_or_404(rows, patient=request.patient, pk=contact_id)
    form = TryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, note = request.user.staff, form.cleaned_data["note"]
        try:
            actions.record_try(task=task, contact=form.contact(), by=by, at=now, note=note)
        except contacts.ContactSettled:
            messages.warning(request, SETTLED)
        else:
            messages.success(request, "The attempt is on record.")
        return redirect("alerts:contact", patient_id=task.patient_id, contact_id=task.pk)
    shown = {
        "now": now,
        "patient": request.patient,
        "task": task,
        "tries": task.tries.select_related("by__user").order_by("at", "pk"),
        "late_alert": contacts.alert_of(task) if task.told_at else None,
        "form": form,
        "may_open_chart": access.may(request.actor, "open_chart", request.patient),
    }
    return render(request, "alerts/contact.html", shown, status=422 if form.errors else 200)


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
        "contacts": contacts.waiting_of(request.patient),
        "made": found.contacts.exclude(settled_at=None).order_by("settled_at"),
        "step_form": step_form,
        "close_form": close_form or CloseForm(asked=asked),
        "plan_asked": asked,
        "may_close": access.may(request.actor, "close_alert", request.patient),
        "may_open_chart": access.may(request.actor, "open_chart", request.patient),
        "may_plan": access.may(request.actor, "make_safety_plan", request.patient),
    }
    return render(request, "alerts/alert.html", shown)
