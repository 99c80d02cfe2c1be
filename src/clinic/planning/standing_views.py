"""Pages about standing orders: all of them, one with its versions, typing, signing, withdrawing."""

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.people.gate import ClinicRequest
from clinic.planning import actions, standing
from clinic.planning.forms import add_problem
from clinic.planning.models import StandingOrder
from clinic.planning.standing_form import StandingForm, WithdrawStandingForm
from kapstone.errors import KapstoneError


@require_safe
def overview(request: ClinicRequest) -> HttpResponse:
    """Every step that asks for an order, and what stands for it."""
    now = timezone.now()
    found = standing.served(now)
    known = {each.order.pk for one in found for each in one.orders}
    lost = [each for each in standing.every(now) if each.state is standing.State.STEP]
    shown = {
        "now": now,
        "served": found,
        "lost": [each for each in lost if each.order.pk not in known],
    }
    return render(request, "planning/standing.html", shown)


@require_safe
def versions(request: ClinicRequest, series: UUID) -> HttpResponse:
    """One order: each version as it was typed, who signed it, whether it stands."""
    return _versions(request, series, WithdrawStandingForm(), timezone.now())


def _versions(
    request: ClinicRequest,
    series: UUID,
    why: WithdrawStandingForm,
    now: datetime,
    problem: str = "",
) -> HttpResponse:
    found = standing.every(now, series)
    if not found:
        raise Http404
    shown = {"now": now, "series": series, "versions": found, "why": why, "problem": problem}
    status = 422 if problem or why.is_bound else 200
    return render(request, "planning/standing_versions.html", shown, status=status)


@require_http_methods(["GET", "POST"])
def write(request: ClinicRequest, series: UUID | None = None) -> HttpResponse:
    """Type one, or a new version of one. Nobody gives by it until a prescriber has signed."""
    now, last = timezone.now(), None
    if series is not None:
        found = standing.every(now, series)
        if not found:
            raise Http404
        last = found[0].order
    form = StandingForm(last, request.POST or None, request.GET.get("serves", ""))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.type_standing_order(
                typed=form.typed(series or uuid4()), by=request.user, at=now
            )
        except KapstoneError as error:
            add_problem(form, error)
        else:
            messages.success(request, "Typed. Nobody gives by it until a prescriber signs it.")
            return redirect("planning:standing_versions", series=made.series)
    shown = {"now": now, "form": form, "last": last}
    status = 422 if request.method == "POST" else 200
    return render(request, "planning/standing_write.html", shown, status=status)


@require_POST
def sign(request: ClinicRequest, order_id: UUID) -> HttpResponse:
    """A prescriber signs one version as it stands."""
    order, now = get_object_or_404(StandingOrder, pk=order_id), timezone.now()
    if not request.POST.get("read"):
        problem = "Tick that you have read it, and answer for it in this clinic."
        return _versions(request, order.series, WithdrawStandingForm(), now, problem)
    try:
        actions.sign_standing_order(order=order, by=request.user, at=now)
    except KapstoneError as error:
        return _versions(request, order.series, WithdrawStandingForm(), now, str(error))
    messages.success(request, f"Version {order.version} is signed, and shown at the chair.")
    return redirect("planning:standing_versions", series=order.series)


@require_POST
def withdraw(request: ClinicRequest, order_id: UUID) -> HttpResponse:
    """One version is given by no more."""
    order, now = get_object_or_404(StandingOrder, pk=order_id), timezone.now()
    why = WithdrawStandingForm(request.POST)
    if not why.is_valid():
        return _versions(request, order.series, why, now)
    actions.withdraw_standing_order(
        order=order, reason=why.cleaned_data["reason"], by=request.user, at=now
    )
    messages.success(request, f"Version {order.version} is withdrawn. No chair shows it any more.")
    return redirect("planning:standing_versions", series=order.series)
