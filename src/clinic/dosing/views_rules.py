"""A prescriber decides on what the rules find on the day."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinic.dosing import readiness
from clinic.dosing.models import DosingSession
from clinic.dosing.views import for_session, to_console
from clinic.intake import deciding
from clinic.intake.deciding_forms import DayOverrideForm
from clinic.intake.holding import held_back
from clinic.intake.wording import inputs
from clinic.people.gate import ClinicRequest


@require_http_methods(["GET", "POST"])
@for_session
def decide(request: ClinicRequest, session: DosingSession, rule: str) -> HttpResponse:
    """Go on today in spite of one RELATIVE finding, for as long as it rests on the same signs."""
    now = timezone.now()
    found = readiness.screened(session, now)
    if found is None:
        raise Http404
    try:
        finding = deciding.relative_finding(found, rule)
    except deciding.NotOverridable as error:
        raise Http404 from error
    form = DayOverrideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        deciding.override(
            patient=session.patient,
            rule=rule,
            terms=form.terms_until(deciding.end_of_day(now)),
            by=request.user,
            at=now,
            today=found,
        )
        messages.success(request, f"{rule} is overridden for today, while its signs are the same.")
        return to_console(session)
    shown = {
        "patient": session.patient,
        "session": session,
        "finding": finding,
        "form": form,
        "inputs": inputs(finding, held_back(request.patient)),
    }
    return render(request, "dosing/decide.html", shown, status=422 if form.errors else 200)
