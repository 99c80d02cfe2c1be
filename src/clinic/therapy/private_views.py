"""The one page of private notes: an author's own about one person."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from clinic.people.gate import ClinicRequest
from clinic.therapy import private
from clinic.therapy.forms import PrivateNoteForm
from clinic.therapy.sealing import SealBroken
from kapstone.notes import Found, belongs_elsewhere


def private_notes(request: ClinicRequest) -> HttpResponse:
    """Write a note; read your own. What looks as if it belonged elsewhere is asked about first."""
    form = PrivateNoteForm(request.POST or None)
    questions: tuple[Found, ...] = ()
    asked = request.POST.get("asked", "").split()
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        found = belongs_elsewhere(text)
        new = [one.row.id for one in found if one.row.id not in asked]
        try:
            if not new:
                private.write(
                    patient=request.patient, text=text, by=request.user, at=timezone.now()
                )
                return redirect("therapy:private_notes", patient_id=request.patient.pk)
            questions, asked = found, asked + new
        except SealBroken as broken:
            form.add_error(None, str(broken))
    shown = {
        "now": timezone.now(),
        "patient": request.patient,
        "form": form,
        "questions": questions,
        "asked": " ".join(asked),
        "notes": private.own_notes(request.patient, request.user),
    }
    response = render(request, "therapy/private.html", shown)
    response["Cache-Control"] = "no-store"
    return response
