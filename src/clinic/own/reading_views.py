"""Plain pages for people in care, in their language."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from clinic.own import reading
from clinic.people.gate import ClinicRequest


@require_safe
def pages(request: ClinicRequest) -> HttpResponse:
    """What there is to read."""
    held = reading.pages(translation.get_language() or "en")
    return render(request, "own/reading.html", {"patient": request.patient, "pages": held})


@require_safe
def page(request: ClinicRequest, page_id: str) -> HttpResponse:
    """One page, each claim with its source."""
    held = {one.id: one for one in reading.pages(translation.get_language() or "en")}
    if page_id not in held:
        raise Http404
    return render(request, "own/page.html", {"patient": request.patient, "page": held[page_id]})
