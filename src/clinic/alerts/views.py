"""Pages about one alert."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.alerts import actions, queries
from clinic.alerts.forms import CloseForm, StepForm
from clinic.alerts.models import Alert, StepKind
from clinic.people import access
from clinic.people.gate import ClinicRequest


def alert(request: ClinicRequest, alert_id: UUID) -> HttpResponse:
    """What happened, whom to call, whose it is, and what was done."""
    return _page(request, alert_id, StepForm(), CloseForm())


@require_POST
def step(request: ClinicRequest, alert_id: UUID) -> HttpResponse:
    """Acknowledge, try, contact or hand over."""
    form = StepForm(request.POST)
    if not form.is_valid():
        return _page(request, alert_id, form, CloseForm())
    return _take(request, alert_id, StepKind(form.cleaned_data["kind"]), form)


@require_POST
def close(request: ClinicRequest, alert_id: UUID) -> HttpResponse:
    """Close with the outcome in words."""
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, alert_id, StepForm(), form)
    return _take(request, alert_id, StepKind.DISPOSED, form)


def _take(
    request: ClinicRequest, alert_id: UUID, kind: StepKind, form: StepForm | CloseForm
) -> HttpResponse:
    found = get_object_or_404(Alert, patient=request.patient, pk=alert_id)
    try:
        actions.take_step(
            alert=found,
            kind=kind,
            by=request.user.staff,
            at=timezone.now(),
            note=form.cleaned_data["note"],
            to=form.cleaned_data.get("to"),
        )
    except actions.AlertClosed:
        messages.warning(request, "Somebody closed this alert meanwhile. Nothing was added.")
    return redirect("alerts:alert", patient_id=request.patient.pk, alert_id=alert_id)


def _page(
    request: ClinicRequest, alert_id: UUID, step_form: StepForm, close_form: CloseForm
) -> HttpResponse:
    found = get_object_or_404(
        Alert.objects.select_related("owner__user"), patient=request.patient, pk=alert_id
    )
    now = timezone.now()
    shown = {
        "now": now,
        "patient": request.patient,
        "item": queries.shown(found, now),
        "step_form": step_form,
        "close_form": close_form,
        "may_close": access.may(request.actor, "close_alert", request.patient),
        "may_open_chart": access.may(request.actor, "open_chart", request.patient),
    }
    return render(request, "alerts/alert.html", shown)
