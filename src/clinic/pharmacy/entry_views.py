"""Pages that write one entry into the register, each with a second person."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from clinic.people.gate import ClinicRequest
from clinic.pharmacy import actions
from clinic.pharmacy.forms import (
    CountForm,
    ReceiveForm,
    ReverseForm,
    VarianceForm,
    WasteForm,
    WitnessedForm,
)
from clinic.pharmacy.models import Kind, Row, Vial
from clinic.pharmacy.proof import proving
from kapstone.errors import KapstoneError

Write = Callable[[Any, dict[str, Any]], Row]


def receive(request: ClinicRequest) -> HttpResponse:
    """A vial came in."""

    def write(form: ReceiveForm, hands: dict[str, Any]) -> Row:
        return actions.receive_vial(vial=form.instance, **hands)

    return _page(request, ReceiveForm, write, {"heading": "Receive a vial"})


def count(request: ClinicRequest, vial_id: UUID) -> HttpResponse:
    """Two people count; the page says nothing of what it should hold."""
    vial = get_object_or_404(Vial, pk=vial_id)

    def write(form: CountForm, hands: dict[str, Any]) -> Row:
        return actions.count(vial=vial, counted_mg=form.cleaned_data["counted_mg"], **hands)

    return _page(request, CountForm, write, {"heading": "Count a vial", "vial": vial})


def waste_vial(request: ClinicRequest, vial_id: UUID) -> HttpResponse:
    """Drug still in a vial is destroyed."""
    vial = get_object_or_404(Vial, pk=vial_id)

    def write(form: WasteForm, hands: dict[str, Any]) -> Row:
        return actions.waste_vial(vial=vial, **_amount_and_reason(form), **hands)

    return _page(request, WasteForm, write, {"heading": "Waste from a vial", "vial": vial})


def variance(request: ClinicRequest, vial_id: UUID) -> HttpResponse:
    """A difference is explained."""
    vial = get_object_or_404(Vial, pk=vial_id)

    def write(form: VarianceForm, hands: dict[str, Any]) -> Row:
        return actions.document_variance(vial=vial, **_amount_and_reason(form), **hands)

    return _page(request, VarianceForm, write, {"heading": "Document a difference", "vial": vial})


def waste_draw(request: ClinicRequest, entry_id: UUID) -> HttpResponse:
    """The rest of a draw is destroyed."""
    draw = get_object_or_404(Row.objects.select_related("vial"), entry_id=entry_id, kind=Kind.DRAW)

    def write(form: WasteForm, hands: dict[str, Any]) -> Row:
        return actions.waste(draw=draw, **_amount_and_reason(form), **hands)

    shown = {"heading": "Waste the rest of a draw", "vial": draw.vial, "row": draw}
    return _page(request, WasteForm, write, shown)


def reverse(request: ClinicRequest, entry_id: UUID) -> HttpResponse:
    """A wrong entry is taken back."""
    row = get_object_or_404(Row.objects.select_related("vial", "about"), entry_id=entry_id)

    def write(form: ReverseForm, hands: dict[str, Any]) -> Row:
        return actions.reverse(row=row, reason=form.cleaned_data["reason"], **hands)

    shown = {"heading": "Take back an entry", "vial": row.vial, "row": row}
    return _page(request, ReverseForm, write, shown)


def _amount_and_reason(form: WitnessedForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("amount_mg", "reason")}


def _page(
    request: ClinicRequest, kind: type[WitnessedForm], write: Write, shown: dict[str, object]
) -> HttpResponse:
    now = timezone.now()
    form = kind(request.POST or None, by=request.user, at=now, prove=proving(request))
    if request.method == "POST" and form.is_valid():
        try:
            row = write(form, {"by": request.user, "witness": form.second, "at": now})
        except KapstoneError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{row.get_kind_display()}: entry {row.pk}.")
            return redirect("pharmacy:vial", vial_id=row.vial_id)
    return render(request, "pharmacy/entry.html", shown | {"form": form, "now": now})
