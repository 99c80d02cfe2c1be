"""Pages about touch."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinic.people.gate import ClinicRequest
from clinic.planning.forms import add_problem
from clinic.therapy import queries, touching
from clinic.therapy.touch_forms import AgreeTouchForm, AskedForm, KeepTouchForm
from clinic.therapy.views import back, dose_of, form_page
from kapstone.errors import InvalidInput, KapstoneError


@require_http_methods(["GET", "POST"])
def agree_touch(request: ClinicRequest) -> HttpResponse:
    """Agree on touch, sober. Refused while a drug acts."""
    now = timezone.now()
    form = AgreeTouchForm(request.POST or None, patient=request.patient, at=now)
    if request.method == "POST" and form.is_valid():
        try:
            touching.widen_touch(
                agreement=form.agreement(), allowed=form.allowed(), by=request.user, at=now
            )
        except KapstoneError as error:
            add_problem(form, error)
        else:
            if queries.expected_within_a_day(request.patient, now):
                messages.warning(request, "Kept. They come within 24 hours: go over it again then.")
            return back(request)
    return form_page(request, form, "Agree on touch", "They agree to this")


@require_http_methods(["GET", "POST"])
def narrow_touch(request: ClinicRequest) -> HttpResponse:
    """Make the agreement smaller, or end it."""
    agreement = queries.touch_agreement(request.patient)
    if agreement is None:
        return back(request)
    form = KeepTouchForm(request.POST or None, agreement=agreement)
    if request.method == "POST" and form.is_valid():
        try:
            touching.narrow_touch(
                patient=request.patient, keep=form.kept(), by=request.user, at=timezone.now()
            )
        except touching.TouchRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _where_from(request)
    return form_page(request, form, "Less touch", "Only this from now on")


@require_POST
def withdraw_touch(request: ClinicRequest) -> HttpResponse:
    """No touch from now on: one tap."""
    touching.narrow_touch(patient=request.patient, keep=(), by=request.user, at=timezone.now())
    messages.success(request, "No touch from now on.")
    return _where_from(request)


def _where_from(request: ClinicRequest) -> HttpResponse:
    """Back to the console, where the tap came from there."""
    try:
        session_id = UUID(request.POST.get("session", "") or request.GET.get("session", ""))
    except ValueError:
        return back(request)
    return redirect("dosing:console", patient_id=request.patient.pk, session_id=session_id)


@require_http_methods(["GET", "POST"])
def ask_touch(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """After a dose, somebody else asks how touch was (TCH-06)."""
    dose_of(request, session_id)
    form = AskedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.asked(request.patient, session_id)
        try:
            touching.record_asked(asked=asked, by=request.user, at=timezone.now())
        except InvalidInput as error:
            add_problem(form, error)
        else:
            if asked.concern:
                messages.warning(request, "Kept. An alert was raised, and an incident is open.")
            else:
                messages.success(request, "Kept.")
            return back(request)
    return form_page(request, form, "Asked about touch", "Keep what they said")
