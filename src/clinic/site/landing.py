"""The first address: staff come to Today, a patient to their own page."""

from django.http import HttpResponse
from django.shortcuts import redirect

from clinic.people.gate import ClinicRequest


def landing(request: ClinicRequest) -> HttpResponse:
    """Where whoever is signed in belongs."""
    patient_only = request.actor.staff_id is None and request.actor.patient_id is not None
    return redirect("people:me" if patient_only else "chart:today")
