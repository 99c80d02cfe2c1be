"""The month's overrides, for those who answer for the clinic."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.intake.report import month, report
from clinic.people.gate import ClinicRequest


@require_safe
def overrides(request: ClinicRequest) -> HttpResponse:
    """One month, with ways to the one before and after."""
    now = timezone.now()
    shown = report(month(request.GET.get("month", ""), now))
    latest = shown.month == month("", now)
    return render(request, "intake/overrides.html", {"report": shown, "latest": latest})
