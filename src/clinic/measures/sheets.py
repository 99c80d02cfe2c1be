"""Pages of staff about answers: enter a sheet, read one response, correct an entry."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from clinic.measures import actions, hands, held, queries
from clinic.measures.forms import CorrectionForm, EntryForm
from clinic.measures.models import QuestionnaireResponse
from clinic.measures.offers import STAFF_ONLY
from clinic.measures.phone_forms import SKIPPED
from clinic.people.gate import ClinicRequest
from kapstone import instruments
from kapstone.errors import UnknownContent


def every(request: ClinicRequest) -> HttpResponse:
    """Every instrument held, to enter one by number that the schedule does not ask for."""
    shown = {
        "patient": request.patient,
        "held": held.every(),
    }
    return render(request, "measures/instruments.html", shown)


def enter(request: ClinicRequest, instrument: str) -> HttpResponse:
    """Enter by number what a person answered on paper."""
    try:
        definition = instruments.load(instrument)
    except UnknownContent as error:
        raise Http404 from error
    if not held.may_use(definition):
        return _unlicensed(request, definition)
    rater = {"whose_hand": request.user.name} if definition.kind == STAFF_ONLY else {}
    form = EntryForm(definition, request.POST or None, initial=rater)
    if request.method == "POST" and form.is_valid():
        return _entered(request, instrument, form)
    shown = {
        "form": form,
        "patient": request.patient,
        "instrument": definition,
    }
    return render(request, "measures/enter.html", shown)


def _entered(request: ClinicRequest, instrument: str, form: EntryForm) -> HttpResponse:
    sheet = QuestionnaireResponse(
        id=form.cleaned_data["sheet"] or uuid4(),
        patient=request.patient,
        instrument=instrument,
        observed_at=form.cleaned_data["observed_at"],
    )
    try:
        actions.enter_sheet(
            sheet=sheet,
            answers=form.answers(),
            hand=form.hand(),
            by=request.user,
            at=timezone.now(),
        )
    except actions.AlreadyEntered:
        messages.warning(
            request, "This sheet was kept before, with other answers: those below. Correct them."
        )
    return redirect(_address(sheet))


def _unlicensed(request: ClinicRequest, definition: instruments.Instrument) -> HttpResponse:
    shown = {
        "patient": request.patient,
        "instrument": definition,
    }
    return render(request, "measures/unlicensed.html", shown, status=403)


def read(request: ClinicRequest, response_id: UUID) -> HttpResponse:
    """One response, item by item, with what it was corrected from."""
    response = _found(request, response_id)
    definition = instruments.load(response.instrument, response.instrument_version)
    replaced_by = QuestionnaireResponse.objects.filter(replaces=response).first()
    shown = {
        "now": timezone.now(),
        "patient": request.patient,
        "instrument": definition,
        "response": response,
        "helper": queries.helper_of(response),
        "hand": hands.kept(response) if response.entered_by_id else None,
        "rows": _rows(definition, response),
        "scores": _scores(definition, response),
        "replaced_by": replaced_by,
        "history": queries.history(response)[1:],
        "correctable": response.entered_by_id is not None and replaced_by is None,
    }
    return render(request, "measures/response.html", shown)


def correct(request: ClinicRequest, response_id: UUID) -> HttpResponse:
    """Put right what staff entered wrongly. What a person sent themselves is theirs."""
    response = _found(request, response_id)
    if response.entered_by_id is None:
        raise Http404
    definition = instruments.load(response.instrument, response.instrument_version)
    first = {item.id: SKIPPED for item in definition.items} | response.answers
    hand = hands.of(response)
    first |= {"observed_at": response.observed_at, "who": hand.kind if hand else ""}
    first["whose_hand"] = hand.words if hand else ""
    form = CorrectionForm(definition, request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            corrected = actions.correct_sheet(
                sheet=QuestionnaireResponse(
                    replaces=response,
                    observed_at=form.cleaned_data["observed_at"],
                    reason=form.cleaned_data["reason"],
                ),
                answers=form.answers(),
                hand=form.hand(),
                by=request.user,
                at=timezone.now(),
            )
        except actions.AlreadyCorrected:
            messages.warning(request, "Somebody corrected this meanwhile. Nothing was changed.")
            return redirect(_address(response))
        return redirect(_address(corrected))
    shown = {
        "form": form,
        "patient": request.patient,
        "instrument": definition,
        "response": response,
    }
    return render(request, "measures/correct.html", shown)


def _found(request: ClinicRequest, response_id: UUID) -> QuestionnaireResponse:
    kept = QuestionnaireResponse.objects.select_related("entered_by", "patient")
    return get_object_or_404(kept, patient=request.patient, pk=response_id)


def _address(response: QuestionnaireResponse) -> str:
    return reverse("measures:response", args=[response.patient_id, response.pk])


def _rows(
    definition: instruments.Instrument, response: QuestionnaireResponse
) -> list[tuple[str, float | None, str]]:
    """Label, value and the value's own label of each item."""
    rows = []
    for item in definition.items:
        value = response.answers.get(item.id)
        said = next((choice.label for choice in item.choices if choice.value == value), "")
        rows.append((item.label, value, said))
    return rows


def _scores(
    definition: instruments.Instrument, response: QuestionnaireResponse
) -> list[tuple[str, object, str, str]]:
    """Name, value, band and what stands beside it, of each score but the one in the heading."""
    return [
        (
            score.id.replace("_", " "),
            response.scores.get(score.id),
            (response.bands.get(score.id) or "").replace("_", " "),
            response.marks.get(score.id, ""),
        )
        for score in definition.scores
        if score.id != definition.main
    ]
