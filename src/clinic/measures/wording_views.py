"""Pages about wording: what is in force, a file in, its match to confirm, wording withdrawn."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.measures import importing
from clinic.measures.models import ImportedWording, WordingFile
from clinic.measures.offers import Offers
from clinic.measures.own_words import MOMENT
from clinic.measures.wording_forms import ConfirmForm, WithdrawForm, WordingForm
from clinic.people.gate import ClinicRequest
from kapstone import instruments
from kapstone.errors import InvalidInput


def wording(request: ClinicRequest) -> HttpResponse:
    """Which instrument is asked in which words, and the way in for a file."""
    form = WordingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data | {"content": form.cleaned_data["file"]}
        brought = importing.Brought(
            **{key: told[key] for key in importing.Brought.__dataclass_fields__}
        )
        try:
            file = importing.take_in(brought=brought, by=request.user, at=timezone.now())
        except InvalidInput as error:
            form.add_error("file", f"Nothing was imported. {error}")
        else:
            return redirect("measures:wording_match", file_id=file.pk)
    return _page(request, form)


def match(request: ClinicRequest, file_id: UUID) -> HttpResponse:
    """What a file asks beside the items it was matched to; confirming puts it in force."""
    file = get_object_or_404(WordingFile.objects.select_related("uploaded_by"), pk=file_id)
    draft, found = importing.proposal(file)
    form = ConfirmForm(found, request.POST if request.method == "POST" else None)
    imported = ImportedWording.objects.filter(file=file).first()
    if request.method == "POST" and form.is_valid():
        try:
            importing.confirm(
                file=file, confirmed=form.confirmed(), by=request.user, at=timezone.now()
            )
        except importing.AlreadyDone:
            messages.warning(request, "This file was imported before. Nothing was changed.")
        except importing.NotConfirmed:
            messages.error(request, "This file cannot be used. Nothing was imported.")
            return redirect("measures:wording_match", file_id=file.pk)
        else:
            messages.success(request, "In force: this is how it is asked from now on.")
        return redirect("measures:wording")
    shown = {
        "now": timezone.now(),
        "file": file,
        "imported": imported,
        "instrument": instruments.load(file.instrument),
        "draft": draft,
        "match": found,
        "form": form,
        "rows": [(line, _box(form, line.item.id)) for line in found.lines],
        "other_language": draft.language if draft.language not in ("", file.language) else "",
    }
    return render(request, "measures/wording_match.html", shown)


@require_POST
def withdraw(request: ClinicRequest, imported_id: UUID) -> HttpResponse:
    """Ask with this wording no longer."""
    imported = get_object_or_404(ImportedWording, pk=imported_id)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _page(request, WordingForm(), withdrawing=imported, why=form)
    try:
        importing.withdraw(
            imported=imported,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except importing.AlreadyDone:
        messages.warning(request, "It was withdrawn before. Nothing was changed.")
    else:
        messages.success(request, "Withdrawn. Links that were out with it ask nothing any more.")
    return redirect("measures:wording")


def _page(
    request: ClinicRequest,
    form: WordingForm,
    withdrawing: ImportedWording | None = None,
    why: WithdrawForm | None = None,
) -> HttpResponse:
    offers = Offers()
    worded = {each.instrument for each in offers.all}
    shown = {
        "now": timezone.now(),
        "form": form,
        "offers": [
            (instruments.load(each.instrument).name, each, _why(each.row, withdrawing, why))
            for each in sorted(offers.all, key=lambda each: each.instrument)
            if each.row or each.instrument != MOMENT
        ],
        "ours": [each.wording for each in offers.all if each.instrument == MOMENT],
        "unworded": [instruments.load(each) for each in instruments.ids() if each not in worded],
        "past": ImportedWording.objects.select_related("file", "imported_by", "withdrawal")
        .defer("file__content")
        .exclude(pk__in=[each.row.pk for each in offers.all if each.row])
        .order_by("-imported_at"),
        "waiting": WordingFile.objects.filter(imported=None)
        .defer("content")
        .order_by("-uploaded_at")[:10],
    }
    return render(request, "measures/wording.html", shown, status=422 if why else 200)


def _why(
    row: ImportedWording | None, withdrawing: ImportedWording | None, why: WithdrawForm | None
) -> WithdrawForm:
    asked = why if row is not None and row == withdrawing else None
    return asked or WithdrawForm(auto_id=f"why_{row.pk if row else 0}_%s")


def _box(form: ConfirmForm, item: str) -> object:
    return form[item] if item in form.fields else None
