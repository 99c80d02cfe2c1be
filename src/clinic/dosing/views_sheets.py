"""The sheets that go home: for the patient, and for the person who takes them along."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.dosing import queries
from clinic.dosing.models import DischargeStepKind, DosingSession
from clinic.dosing.views import for_session
from clinic.people import crisis
from clinic.people.gate import ClinicRequest
from clinic.planning import pdf

READERS = {"patient": "dosing/_sheet_patient.html", "escort": "dosing/_sheet_escort.html"}
_STYLE = Path(__file__).parent / "static" / "dosing" / "sheet.css"


@require_safe
@for_session
def sheet(request: ClinicRequest, session: DosingSession, reader: str) -> HttpResponse:
    """A page to print."""
    return render(request, "dosing/sheet.html", _shown(session, reader))


@require_safe
@for_session
def sheet_pdf(request: ClinicRequest, session: DosingSession, reader: str) -> HttpResponse:
    """The same as a PDF; without the PDF libraries, the page, which says so."""
    shown = _shown(session, reader)
    made = pdf.paper("dosing/sheet_paper.html", shown, _STYLE)
    if made is None:
        return render(request, "dosing/sheet.html", shown | {"no_pdf": True})
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="sheet-{reader}-{session.pk}.pdf"'
    return response


def _shown(session: DosingSession, reader: str) -> dict[str, object]:
    if reader not in READERS:
        raise Http404
    return {
        "reader": reader,
        "body": READERS[reader],
        "patient": session.patient,
        "session": session,
        "given": queries.given(session),
        "left_at": _left_at(session),
        "clinic_phone": settings.CLINIC_PHONE,
        "crisis_contacts": crisis.lines(),
    }


def _left_at(session: DosingSession) -> datetime:
    """The day that the sheet speaks of as today, also where it is printed again later."""
    signed = session.discharge_steps.filter(kind=DischargeStepKind.SIGNED).last()
    return signed.at if signed else timezone.now()
