"""The page of private notes: an author's own about one person; and handing them on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.views.decorators.http import require_http_methods

from clinic.people.gate import ClinicRequest
from clinic.people.models import User
from clinic.therapy import private, recovery
from clinic.therapy.forms import HandOverForm, PrivateNoteForm
from clinic.therapy.sealing import SealBroken
from kapstone.errors import InvalidInput
from kapstone.notes import Found, belongs_elsewhere

NOT_KEPT = "no-store"  # neither the browser nor anything between keeps the page


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
        "opened": recovery.last_opened(),
    }
    response = render(request, "therapy/private.html", shown)
    response["Cache-Control"] = NOT_KEPT
    return response


@require_http_methods(["GET", "POST"])
def hand_over(request: ClinicRequest) -> HttpResponse:
    """Give a colleague who treats this person a copy of chosen notes of one's own."""
    now = timezone.now()
    notes = [each for each in private.own_notes(request.patient, request.user) if not each.problem]
    others = private.colleagues(request.patient, request.user, now)
    named = [(str(each.id), f"{_when(each)}: {_begins(each.text)}") for each in notes]
    form = HandOverForm(request.POST or None, notes=named, to=others)
    if request.method == "POST" and form.is_valid():
        to = User.objects.get(pk=form.cleaned_data["to"])
        try:
            private.hand_over(
                patient=request.patient,
                notes=form.cleaned_data["notes"],
                to=to,
                by=request.user,
                at=now,
            )
        except (InvalidInput, SealBroken) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{to.name} can open them now. Yours stay as they are.")
            return redirect("therapy:private_notes", patient_id=request.patient.pk)
    shown = {"patient": request.patient, "form": form, "notes": notes, "others": others}
    response = render(request, "therapy/hand_over.html", shown)
    response["Cache-Control"] = NOT_KEPT
    return response


def _when(note: private.OwnNote) -> str:
    return date_format(timezone.localtime(note.written_at), "M j, Y, H:i")


def _begins(text: str) -> str:
    """The first words, by which an author knows a note."""
    return Truncator(" ".join(text.split())).words(8)
