"""The one page of private notes: an author's own about one person."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from clinic.people.gate import ClinicRequest
from clinic.therapy import private
from clinic.therapy.forms import PrivateNoteForm
from clinic.therapy.sealing import SealBroken
from kapstone.notes import Found


def private_notes(request: ClinicRequest) -> HttpResponse:
    """Write a note; read your own. What looks as if it belonged elsewhere is asked about first."""
    form = PrivateNoteForm(request.POST or None)
    questions: tuple[Found, ...] = ()
    if request.method == "POST" and form.is_valid() and not (questions := form.questions()):
        try:
            private.write(
                patient=request.patient,
                text=form.cleaned_data["text"],
                by=request.user,
                at=timezone.now(),
            )
            return redirect("therapy:private_notes", patient_id=request.patient.pk)
        except SealBroken as broken:
            form.add_error(None, str(broken))
    shown = {
        "now": timezone.now(),
        "patient": request.patient,
        "form": form,
        "questions": questions,
        "notes": private.own_notes(request.patient, request.user),
    }
    response = render(request, "therapy/private.html", shown)
    response["Cache-Control"] = "no-store"
    return response
