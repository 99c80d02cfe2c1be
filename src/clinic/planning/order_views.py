"""Pages about the order."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.people.gate import ClinicRequest
from clinic.planning import actions, known, lowered, needs, ordering, past, queries
from clinic.planning.forms import CancelForm, add_problem
from clinic.planning.models import Order, Plan
from clinic.planning.order_form import OrderForm, in_words
from kapstone.dose import State
from kapstone.errors import KapstoneError


@require_http_methods(["GET", "POST"])
def order(request: ClinicRequest) -> HttpResponse:
    """The form, and on each change what the limits say. Posting here writes nothing."""
    plan = queries.current_plan(request.patient)
    if plan is None:
        return render(request, "planning/no_plan.html", {"patient": request.patient})
    facts = known.facts(plan, timezone.now())
    return _page(request, plan, facts, _form(request, plan, facts))


@require_POST
def sign(request: ClinicRequest) -> HttpResponse:
    """Sign what stands on the screen."""
    plan = queries.current_plan(request.patient)
    if plan is None:
        return render(request, "planning/no_plan.html", {"patient": request.patient})
    facts = known.facts(plan, timezone.now())
    form = _form(request, plan, facts)
    if form.is_valid():
        try:
            signed = actions.sign_order(
                patient=request.patient,
                typed=form.typed(),
                by=request.user,
                at=timezone.now(),
            )
        except KapstoneError as error:
            add_problem(form, error)
        else:
            _say(request, signed)
            return redirect("planning:overview", patient_id=request.patient.pk)
    return _page(request, plan, facts, form)


def _say(request: ClinicRequest, signed: Order) -> None:
    if queries.is_complete(signed):
        messages.success(request, "The order is signed.")
    else:
        messages.warning(request, "Signed. It waits for a pharmacist or the medical director.")


def _form(request: ClinicRequest, plan: Plan, facts: known.Facts) -> OrderForm:
    last = facts.previous[-1] if facts.previous else None
    return OrderForm(plan, last, request.POST or None)


def _page(request: ClinicRequest, plan: Plan, facts: known.Facts, form: OrderForm) -> HttpResponse:
    now = timezone.now()
    shown: dict[str, object] = {
        "now": now,
        "patient": request.patient,
        "plan": plan,
        "form": form,
        "facts": facts,
        "lacks": needs.before_order(plan, now),
        "held": queries.order_in_force(request.patient, now),
    }
    shown |= _judgement(plan, facts, form, now) if form.is_bound else {}
    judged = shown.get("judged")
    shown |= facts_beside(plan, facts, judged if isinstance(judged, ordering.Judged) else None)
    template = "planning/_check.html" if request.htmx else "planning/order.html"
    return render(request, template, shown)


def facts_beside(
    plan: Plan, facts: known.Facts, judged: ordering.Judged | None
) -> dict[str, object]:
    """How the last sessions went, and what the rules allow next: facts, and no dose among them."""
    shown: dict[str, object] = {
        "sessions": past.sessions(plan.patient),
        "course": past.course(plan, facts),
        "models": past.models(plan),
    }
    try:
        return shown | {"allowed": ordering.allowed(plan, facts, judged)}
    except KapstoneError as error:
        return shown | {"no_limits": str(error)}


def _judgement(plan: Plan, facts: known.Facts, form: OrderForm, now: datetime) -> dict[str, object]:
    typed = form.typed() if form.is_valid() or _only_refused(form) else None
    if typed is None:
        return {}
    try:
        judged = ordering.judge(plan, typed, facts)
    except KapstoneError as error:
        by_weight = ordering.by_weight(plan, typed, facts)
        return {"unreadable": in_words(error), "by_weight": by_weight}
    check, lacks = judged.check, []
    if check.dose_mg is not None and check.limits is not None:
        lacks = needs.before_order(plan, now, needs.Dose(check.dose_mg, check.limits.weight_kg))
    signable = check.state not in (State.REFUSED, State.INCOMPLETE) and not lacks
    shown: dict[str, object] = {"check": check, "judged": judged, "signable": signable}
    shown["by_weight"] = check.by_weight
    return shown | ({"lacks": lacks} if lacks else {})


def _only_refused(form: OrderForm) -> bool:
    """Whether every field was read, and only the signing was refused."""
    return all(name in form.cleaned_data for name in form.fields if name != "rationale")


@require_safe
def waiting(request: ClinicRequest, order_id: UUID) -> HttpResponse:
    """The whole of an order that waits, for whoever may sign it as the second."""
    held = queries.waiting_order(request.patient)
    if held is None or held.pk != order_id:
        messages.warning(request, "This order no longer waits for a second signature.")
        return redirect("planning:overview", patient_id=request.patient.pk)
    now = timezone.now()
    shown = {"now": now, "patient": request.patient, "held": held, "plan": held.plan}
    shown |= {
        "cancel_form": CancelForm(),
        "above_limit": lowered.waiting(held.pk),
        **facts_beside(held.plan, known.facts(held.plan, now), None),
    }
    return render(request, "planning/waiting.html", shown)


@require_POST
def second(request: ClinicRequest, order_id: UUID) -> HttpResponse:
    """A pharmacist or medical director signs as the second."""
    waiting = get_object_or_404(Order, patient=request.patient, pk=order_id)
    try:
        actions.second_sign_order(order=waiting, by=request.user, at=timezone.now())
    except KapstoneError as error:
        messages.error(request, f"Not signed. {error}")
    else:
        messages.success(request, "Signed as the second. The order stands.")
    return redirect("planning:overview", patient_id=request.patient.pk)


@require_POST
def cancel(request: ClinicRequest, order_id: UUID) -> HttpResponse:
    """Take an order back."""
    held = get_object_or_404(Order, patient=request.patient, pk=order_id)
    form = CancelForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.cancel_order(order=held, reason=reason, by=request.user, at=timezone.now())
        messages.success(request, "The order is cancelled.")
    else:
        messages.error(request, "Not cancelled: say why.")
    return redirect("planning:overview", patient_id=request.patient.pk)
