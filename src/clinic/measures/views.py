"""Pages of staff about questionnaires."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from clinic.measures import actions
from clinic.measures.forms import AskForm, EntryForm
from clinic.measures.wording import wording_for
from clinic.people.gate import ClinicRequest
from kapstone import instruments
from kapstone.errors import UnknownContent


def ask(request: ClinicRequest) -> HttpResponse:
    """Ask for a questionnaire; the link is shown once, to hand over or send."""
    offered = [
        instruments.load(each) for each in instruments.ids() if wording_for(each) is not None
    ]
    form = AskForm(request.POST or None, offered=offered)
    shown: dict[str, object] = {"form": form, "patient": request.patient, "offered": offered}
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        assignment, secret = actions.ask(
            patient=request.patient,
            instrument=form.cleaned_data["instrument"],
            closes_at=now + form.closes_after(),
            by=request.user,
            at=now,
        )
        link = request.build_absolute_uri(reverse("measures:link", args=[secret]))
        shown |= {"link": link, "assignment": assignment}
    return render(request, "measures/ask.html", shown)


def enter(request: ClinicRequest, instrument: str) -> HttpResponse:
    """Enter by number what a person answered on paper."""
    try:
        definition = instruments.load(instrument)
    except UnknownContent as error:
        raise Http404 from error
    form = EntryForm(definition, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.enter_answers(
            patient=request.patient,
            instrument=instrument,
            answers=form.answers(),
            observed_at=form.cleaned_data["observed_at"],
            by=request.user,
            at=timezone.now(),
        )
        return redirect("chart:chart", patient_id=request.patient.pk)
    shown = {"form": form, "patient": request.patient, "instrument": definition}
    return render(request, "measures/enter.html", shown)
