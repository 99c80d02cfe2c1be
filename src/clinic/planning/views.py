"""The plan, and how far plan, consent and order have come."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clinic.episodes import queries as episodes
from clinic.people.gate import ClinicRequest
from clinic.planning import actions, lowered, needs, queries, renewal
from clinic.planning.forms import CancelForm, PlanForm, add_problem
from kapstone.dose.treatment import treatment
from kapstone.errors import KapstoneError


@require_safe
def overview(request: ClinicRequest) -> HttpResponse:
    """Plan, consent and order on one page, with what lacks before an order."""
    now, patient = timezone.now(), request.patient
    plan = queries.current_plan(patient)
    order, waiting = queries.order_in_force(patient, now), queries.waiting_order(patient)
    shown: dict[str, object] = {
        "now": now,
        "patient": patient,
        "episode": episodes.open_episode(patient),
        "plan": plan,
        "consent": queries.last_consent(patient),
        "no_consent": queries.why_no_consent(patient, now),
        "runs_out": renewal.of(patient, now),
        "order": order,
        "waiting": waiting,
        "order_above": lowered.running(order.pk) if order else "",
        "waiting_above": lowered.waiting(waiting.pk) if waiting else "",
        "orders": queries.orders(patient),
        "versions": queries.plan_versions(patient),
        "cancel_form": CancelForm(),
    }
    if plan is not None:
        shown |= {
            "indication": treatment().indication(plan.indication_id),
            "dose_model": treatment().dose_model(plan.dose_model_id),
            "lacks": needs.before_order(plan, now),
        }
    return render(request, "planning/overview.html", shown)


@require_http_methods(["GET", "POST"])
def edit(request: ClinicRequest) -> HttpResponse:
    """Write the plan, or a new version of it."""
    before = queries.current_plan(request.patient)
    form = PlanForm(request.POST or None, before=before)
    if request.method == "POST" and form.is_valid():
        plan = form.plan()
        plan.patient = request.patient
        try:
            actions.save_plan(plan=plan, by=request.user, at=timezone.now())
        except KapstoneError as error:
            add_problem(form, error)
        else:
            messages.success(request, "The plan is kept.")
            return redirect("planning:overview", patient_id=request.patient.pk)
    shown = {
        "form": form,
        "patient": request.patient,
        "before": before,
        "episode": episodes.open_episode(request.patient),
        "indications": treatment().indications.values(),
    }
    return render(request, "planning/edit.html", shown)
