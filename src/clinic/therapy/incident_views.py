"""Pages about an incident: who reviews it, and the review, which its reviewer alone opens."""

from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinic.people.gate import ClinicRequest
from clinic.people.models import StaffMember
from clinic.therapy import incidents
from clinic.therapy.forms import lines
from clinic.therapy.models import Did, Incident
from kapstone.errors import InvalidInput


class _Named(forms.ModelChoiceField[StaffMember]):
    def label_from_instance(self, obj: StaffMember) -> str:
        return obj.user.name


class ReviewerForm(forms.Form):
    """Who reviews."""

    reviewer = _Named(
        queryset=StaffMember.objects.none(), label="Who reviews it", empty_label="Choose somebody"
    )


class StepForm(forms.Form):
    """What the reviewer did."""

    did = forms.TypedChoiceField(
        label="What you did", choices=Did.choices, coerce=Did, widget=forms.RadioSelect
    )
    words = forms.CharField(label="In words", widget=lines(4))


@require_http_methods(["GET", "POST"])
def name_reviewer(request: ClinicRequest, incident_id: UUID) -> HttpResponse:
    """Name who reviews. The words of the concern are not on this page."""
    incident = _incident(request, incident_id)
    form = ReviewerForm(request.POST or None)
    apart = incidents.independent(incident)
    cast(_Named, form.fields["reviewer"]).queryset = apart
    if request.method == "POST" and form.is_valid():
        to, now = form.cleaned_data["reviewer"], timezone.now()
        try:
            incidents.name_reviewer(incident=incident, to=to, by=request.user, at=now)
        except InvalidInput as refused:
            form.add_error(None, f"It {refused.problem} {refused.mend}")
        else:
            messages.success(request, "They find it on Today.")
            return redirect("chart:today")
    shown = {
        "patient": request.patient,
        "incident": incident,
        "form": form,
        "named": incidents.reviewer(incident),
        "nobody": not apart.exists(),
        "now": timezone.now(),
    }
    return render(request, "therapy/name_reviewer.html", shown)


@require_http_methods(["GET", "POST"])
def review(request: ClinicRequest, incident_id: UUID) -> HttpResponse:
    """The concern, what was done, and the next step. To everybody else it is not there."""
    incident = _incident(request, incident_id)
    named = incidents.reviewer(incident)
    if named is None or named.user_id != request.user.pk:
        raise Http404
    form = StepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told, now = form.cleaned_data, timezone.now()
        try:
            incidents.take_step(incident=incident, **told, by=request.user, at=now)
        except InvalidInput as refused:
            form.add_error(None, f"This {refused.problem} {refused.mend}")
        else:
            return redirect(request.path)
    shown = {
        "patient": request.patient,
        "incident": incident,
        "form": form,
        "steps": incident.steps.select_related("by").order_by("at", "pk"),
        "closed": incidents.is_closed(incident),
        "now": timezone.now(),
    }
    return render(request, "therapy/incident.html", shown)


def _incident(request: ClinicRequest, incident_id: UUID) -> Incident:
    rows = Incident.objects.select_related("concern__by", "patient")
    return get_object_or_404(rows, pk=incident_id, patient=request.patient)
