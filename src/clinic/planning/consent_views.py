"""Pages about consent."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clinic.people.gate import ClinicRequest
from clinic.planning import actions, consent_text, pdf, queries
from clinic.planning.consent_form import ConsentForm
from clinic.planning.forms import add_problem
from clinic.planning.models import Consent
from kapstone.errors import KapstoneError


@require_http_methods(["GET", "POST"])
def consent(request: ClinicRequest) -> HttpResponse:
    """Go through the items together; the person initials each and types their name."""
    plan = queries.current_plan(request.patient)
    if plan is None:
        return render(request, "planning/no_plan.html", {"patient": request.patient})
    form = ConsentForm(plan, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.sign_consent(signing=form.signing(), by=request.user, at=timezone.now())
        except KapstoneError as error:
            add_problem(form, error)
        else:
            _say(request, kept)
            return redirect("planning:overview", patient_id=request.patient.pk)
    shown = {
        "form": form,
        "patient": request.patient,
        "plan": plan,
        "text": consent_text.text(),
        "needs_interpreter": consent_text.needs_interpreter(request.patient.language),
        "again_because": queries.why_no_consent(request.patient, timezone.now()),
        "before": queries.last_consent(request.patient),
    }
    return render(request, "planning/consent.html", shown)


def _say(request: ClinicRequest, kept: Consent) -> None:
    if kept.agreed:
        messages.success(request, "The consent is kept. Give the person their copy.")
    else:
        messages.warning(request, "An item was refused. This is kept, and no consent holds.")


@require_safe
def copy(request: ClinicRequest, consent_id: UUID) -> HttpResponse:
    """The signed consent as a PDF; without the PDF libraries, the same words as a page."""
    kept = get_object_or_404(Consent, patient=request.patient, pk=consent_id)
    made = pdf.consent_copy(kept)
    if made is None:
        shown = pdf.as_shown(kept) | {"patient": request.patient}
        return render(request, "planning/copy_page.html", shown)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="consent-{kept.pk}.pdf"'
    return response
