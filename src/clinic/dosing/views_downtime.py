"""The sheet for the hours without the system, as a page and on paper."""

from pathlib import Path

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.dosing import downtime
from clinic.dosing.models import DosingSession
from clinic.dosing.views import for_session
from clinic.people.gate import ClinicRequest
from clinic.planning import pdf

_STYLE = Path(__file__).parent / "static" / "dosing" / "downtime.css"


@require_safe
@for_session
def sheet(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Of one session."""
    return _page(request, downtime.sheet(session, timezone.now()) | _ways(session))


@require_safe
@for_session
def sheet_pdf(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """The same on paper."""
    return _paper(request, downtime.sheet(session, timezone.now()) | _ways(session))


@require_safe
def blank(request: ClinicRequest) -> HttpResponse:
    """Of nobody."""
    return _page(request, downtime.blank(timezone.now()) | _ways())


@require_safe
def blank_pdf(request: ClinicRequest) -> HttpResponse:
    """The same on paper."""
    return _paper(request, downtime.blank(timezone.now()) | _ways())


def _ways(session: DosingSession | None = None) -> dict[str, object]:
    if session is None:
        return {"paper": reverse("dosing:downtime_blank_pdf"), "back": reverse("dosing:board")}
    args = [session.patient_id, session.pk]
    paper, back = reverse("dosing:downtime_pdf", args=args), reverse("dosing:console", args=args)
    return {"paper": paper, "back": back}


def _page(request: ClinicRequest, shown: dict[str, object]) -> HttpResponse:
    return render(request, "dosing/downtime.html", shown)


def _paper(request: ClinicRequest, shown: dict[str, object]) -> HttpResponse:
    made = pdf.paper("dosing/downtime_paper.html", shown, _STYLE)
    if made is None:
        return _page(request, shown | {"no_pdf": True})
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="downtime-sheet.pdf"'
    return response
