"""The page on which a withdrawal of consent is recorded."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinic.dosing import queries, withdrawal
from clinic.dosing.views import to_console
from clinic.people import access
from clinic.people.gate import ClinicRequest
from clinic.planning.forms import WithdrawForm


@require_http_methods(["GET", "POST"])
def withdraw(request: ClinicRequest) -> HttpResponse:
    """The person takes their consent back. Never refused."""
    patient = request.patient
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    watches = access.may(request.actor, "see_session", patient)
    if request.method == "POST" and form.is_valid():
        session = withdrawal.withdraw(
            patient=patient,
            words=form.cleaned_data["words"],
            by=request.user,
            at=timezone.now(),
        )
        messages.warning(request, "Consent is withdrawn from now on. No drug may be started.")
        if session is not None and watches:
            return to_console(session)
        return redirect("planning:overview", patient_id=patient.pk)
    shown = {
        "form": form,
        "patient": patient,
        "session": queries.open_session(patient) if watches else None,
    }
    return render(request, "dosing/withdraw.html", shown)
