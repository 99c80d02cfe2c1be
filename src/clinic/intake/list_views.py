"""Saving the rows of lists: pressures, medicines, allergies, trials."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.intake import actions, entries, known, views
from clinic.intake.actions import How
from clinic.intake.list_forms import (
    AllergyForm,
    CheckForm,
    MedicineForm,
    PressureForm,
    ReasonForm,
    TrialForm,
)
from clinic.intake.models import (
    AllergyEntry,
    CheckedAs,
    DrugTrial,
    MedicineEntry,
    Source,
)
from clinic.people.gate import ClinicRequest
from kapstone.errors import InvalidInput

# what the address calls a list → its rows, its form, the key that says it is whole
_LISTS: dict[str, tuple[Any, Any]] = {
    "medicines": (MedicineEntry, MedicineForm),
    "allergies": (AllergyEntry, AllergyForm),
    "trials": (DrugTrial, TrialForm),
}
_WHOLE = {"medicines": "medications", "allergies": "allergies"}


@require_POST
def pressure(request: ClinicRequest) -> HttpResponse:
    """Save the readings of a blood pressure."""
    form = PressureForm(request.POST)
    if not form.is_valid():
        return views.page(request, list_form=form)
    actions.record_pressures(
        patient=request.patient,
        readings=form.readings(),
        source=Source.MEASURED,
        by=request.user,
        at=timezone.now(),
    )
    return _back(request, "pressures", "Blood pressure saved.")


@require_POST
def add(request: ClinicRequest, which: str) -> HttpResponse:
    """Add one row."""
    if which not in _LISTS:
        raise Http404
    form = _LISTS[which][1](request.POST)
    if not form.is_valid():
        return views.page(request, list_form=form)
    now = timezone.now()
    form.instance.patient = request.patient
    entries.add(form.instance, how=How(now, Source.ASKED), by=request.user, at=now)
    return _back(request, which, "Added.")


@require_POST
def whole(request: ClinicRequest, which: str) -> HttpResponse:
    """Somebody asked, and there is nothing besides what is listed."""
    if which not in _WHOLE:
        raise Http404
    now = timezone.now()
    entries.confirm_whole(
        patient=request.patient,
        key=_WHOLE[which],
        how=How(now, Source.ASKED),
        by=request.user,
        at=now,
    )
    return _back(request, which, "The list is whole.")


@require_POST
def strike(request: ClinicRequest, which: str, row_id: UUID) -> HttpResponse:
    """Take a row off a list, with the reason."""
    if which not in _LISTS:
        raise Http404
    row = _open_row(request, _LISTS[which][0], row_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was changed: write why.")
        return _back(request, which, "")
    entries.strike(row, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    return _back(request, which, "Taken off the list. The record keeps it.")


def _open_row(request: ClinicRequest, model: Any, row_id: UUID) -> Any:
    return get_object_or_404(model, patient=request.patient, pk=row_id, replaced_by__isnull=True)


def check(request: ClinicRequest, row_id: UUID) -> HttpResponse:
    """The pharmacist's task: say what a name is that no table knows."""
    entry = _open_row(request, MedicineEntry, row_id)
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        found = entries.Checked(CheckedAs(data["outcome"]), data["same_as"], data["reason"])
        try:
            entries.check_medicine(entry, found, by=request.user, at=timezone.now())
        except InvalidInput as error:
            form.add_error(error.key, f"{error.problem.capitalize()} {error.mend}")
        else:
            messages.success(request, "Checked.")
            return redirect("intake:eligibility", patient_id=request.patient.pk)
    shown = {
        "patient": request.patient,
        "entry": entry,
        "form": form,
        "others": known.medicines_to_check(request.patient),
    }
    return render(request, "intake/check.html", shown)


def _back(request: ClinicRequest, anchor: str, words: str) -> HttpResponse:
    if words:
        messages.success(request, words)
    return redirect(reverse("intake:form", args=[request.patient.pk]) + f"#{anchor}")
