"""Referrals in: by file, by hand, and what each one said."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.interop import actions, exporting, persons
from clinic.interop.actions import TakenAs, TakenIn, Whose
from clinic.interop.forms import ANOTHER, SettleForm, TypedForm, UploadForm, WhoseForm
from clinic.interop.models import (
    LeftOver,
    LeftOverKind,
    Referral,
    SettledAs,
    Settlement,
    WaitingBundle,
)
from clinic.people import admission
from clinic.people.gate import ClinicRequest
from clinic.people.models import Patient
from kapstone.errors import InvalidInput


def upload(request: ClinicRequest) -> HttpResponse:
    """Take in a file. A broken one imports nothing and says where it is broken."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        known: Patient | None = form.cleaned_data["record_number"]
        try:
            text = form.cleaned_data["bundle"].read().decode()
            taken = actions.take_in(
                text,
                by=request.user,
                at=timezone.now(),
                whose=Whose(known) if known else None,
            )
        except InvalidInput as error:
            form.add_error("bundle", f"Nothing was imported. {error}")
        except UnicodeDecodeError:
            form.add_error("bundle", "Nothing was imported. The file is not UTF-8 text.")
        else:
            return _after(request, taken)
    waiting = WaitingBundle.objects.order_by("arrived_at")
    why = "" if settings.DEMO else admission.why_not()
    return render(request, "interop/upload.html", {"form": form, "waiting": waiting, "why": why})


def _after(request: ClinicRequest, taken: TakenIn) -> HttpResponse:
    if taken.waiting is not None:
        return redirect("interop:whose", waiting_id=taken.waiting.pk)
    assert taken.patient is not None  # noqa: S101 - what does not wait has its person
    words = {
        TakenAs.NEW_PERSON: "A new person was added, with record number {}.",
        TakenAs.KNOWN_PERSON: "The referral was added to record {}.",
        TakenAs.SEEN_BEFORE: "This referral came in before, for record {}. Nothing was changed.",
    }[taken.taken_as]
    messages.success(request, words.format(taken.patient.record_number))
    return redirect("people:patient", patient_id=taken.patient.pk)


def whose(request: ClinicRequest, waiting_id: UUID) -> HttpResponse:
    """Somebody here might be meant: say who, before anything is imported."""
    waiting = get_object_or_404(WaitingBundle, pk=waiting_id)
    person = actions.parse(waiting.bundle_text.encode()).person
    candidates = persons.possible(person)
    form = WhoseForm(request.POST or None, candidates=candidates)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["whose"]
        patient = None if chosen == ANOTHER else Patient.objects.get(pk=chosen)
        try:
            taken = actions.take_in(
                waiting.bundle_text, by=request.user, at=timezone.now(), whose=Whose(patient)
            )
        except InvalidInput as error:
            form.add_error(None, f"Nothing was imported. {error}")
        else:
            return _after(request, taken)
    shown = {"form": form, "person": person, "name": persons.official_name(person)}
    return render(request, "interop/whose.html", shown)


def typed(request: ClinicRequest) -> HttpResponse:
    """A referral by telephone, by letter, or the person's own wish."""
    form = TypedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.instance.patient = request.patient
        actions.take_in_typed(referral=form.instance, by=request.user, at=timezone.now())
        messages.success(request, "The referral is on record.")
        return redirect("people:patient", patient_id=request.patient.pk)
    return render(request, "interop/typed.html", {"form": form, "patient": request.patient})


def referrals(request: ClinicRequest) -> HttpResponse:
    """Every referral of one person, with what of it is to be asked and what was not understood."""
    return _page(request, None, None)


def export(request: ClinicRequest) -> HttpResponse:
    """A person's answers and scores as a file to take away."""
    if request.method != "POST":
        count = len(exporting.sets(request.patient))
        shown = {"patient": request.patient, "count": count}
        return render(request, "interop/export.html", shown)
    document = exporting.export_scores(patient=request.patient, by=request.user, at=timezone.now())
    name = f"{request.patient.record_number}-answers.json"  # no name of a person in a file's name
    return HttpResponse(
        json.dumps(document, indent=1),
        content_type="application/fhir+json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
def settle(request: ClinicRequest, left_id: int) -> HttpResponse:
    """One left-over piece is settled."""
    left = get_object_or_404(LeftOver, referral__patient=request.patient, pk=left_id)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, left, form)
    actions.settle(
        left_over=left,
        outcome=SettledAs(form.cleaned_data["outcome"]),
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, "Settled. It stays on the page with your name and reason.")
    return redirect("interop:referrals", patient_id=request.patient.pk)


@dataclass(frozen=True, slots=True)
class Shown:
    """One left-over piece, with the form that settles it as it was sent."""

    left: LeftOver
    form: SettleForm | None

    @property
    def settled(self) -> Settlement | None:
        """How it was settled."""
        return getattr(self.left, "settlement", None)


def _page(request: ClinicRequest, broken: LeftOver | None, form: SettleForm | None) -> HttpResponse:
    rows = Referral.objects.filter(patient=request.patient).defer("bundle_text")
    shown = []
    for each in rows.select_related("by").order_by("-received_at"):
        left = each.left_over.select_related("settlement__by").order_by("pk")
        pieces = [Shown(one, form if one == broken else None) for one in left]
        questions = [one for one in pieces if one.left.kind == LeftOverKind.QUESTION]
        rest = [one for one in pieces if one.left.kind == LeftOverKind.NOT_UNDERSTOOD]
        shown.append(
            {
                "referral": each,
                "parts": [
                    ("To ask", questions, sum(one.settled is None for one in questions)),
                    ("Not understood", rest, sum(one.settled is None for one in rest)),
                ],
            }
        )
    page = {
        "patient": request.patient,
        "referrals": shown,
        "now": timezone.now(),
        "outcomes": SettledAs.choices,
    }
    return render(request, "interop/referrals.html", page, status=422 if broken else 200)
