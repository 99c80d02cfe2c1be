"""Pages about one thing that is due."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinic.adverse import again, duties, monitoring
from clinic.adverse.due_forms import SentForm, WhyForm
from clinic.adverse.models import Duty, DutyStep, StepKind
from clinic.people import access
from clinic.people.gate import ClinicRequest
from kapstone.adverse import DueRow
from kapstone.adverse.rows import About

CLOSED = "Somebody closed this meanwhile. Nothing was added."
NOT_VOLUNTARY = "This one must be sent: it cannot be left."


@require_http_methods(["GET", "POST"])
def due(request: ClinicRequest, duty_id: UUID) -> HttpResponse:
    """What is due, to whom, by when, whose it is, and the proof that it went."""
    now = timezone.now()
    duty = get_object_or_404(
        Duty.objects.select_related("event", "session", "owner__user"),
        patient=request.patient,
        pk=duty_id,
    )
    row, may = duties.row_of(duty), access.may(request.actor, "report_adverse", request.patient)
    sent = request.method == "POST" and may
    form = SentForm(
        request.POST if sent and "kind" not in request.POST else None,
        initial={"done_at": now, "done_by": duties.owner(request.user)},
        at=now,
        row=row,
    )
    problem = ""
    if sent:
        step = form.step() if form.is_valid() else _why(request, duty, row)
        if isinstance(step, DutyStep):
            return _taken(request, duty, step)
        problem = step
    session = duty.session
    asked = session is not None and row.id == duties.FORM
    shown = {
        "now": now,
        "patient": request.patient,
        "duty": duty,
        "row": row,
        "steps": duty.steps.select_related("by__user", "done_by__user").order_by("at", "pk"),
        "form": form,
        "problem": problem,
        "may_report": may,
        "changes": duty.changes.select_related("by").order_by("pk"),
        "differs": again.differences(duty, now) if duty.again_at else (),
        "by_record": row.about is About.DEPARTURE,
        "sheet": monitoring.sheet(session, now) if session and asked else None,
    }
    return render(request, "adverse/due.html", shown, status=422 if problem or form.errors else 200)


def _why(request: ClinicRequest, duty: Duty, row: DueRow) -> DutyStep | str:
    """Left, or opened again, each with its reason; or why not."""
    if "kind" not in request.POST:
        return ""
    form = WhyForm(request.POST)
    if not form.is_valid():
        return "Say why."
    if form.cleaned_data["kind"] == StepKind.LEFT and not (row.voluntary or duty.again_at):
        return NOT_VOLUNTARY
    return DutyStep(**form.cleaned_data)


def _taken(request: ClinicRequest, duty: Duty, step: DutyStep) -> HttpResponse:
    step.duty = duty
    try:
        again.close(step=step, by=request.user, at=timezone.now())
    except (duties.DutyClosed, duties.DutyOpen):
        messages.warning(request, CLOSED)
    else:
        messages.success(request, "On record.")
    return redirect("adverse:due", patient_id=duty.patient_id, duty_id=duty.pk)
