"""Pages about one session: the monitoring form, leaving against advice, its record on paper."""

from pathlib import Path
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.adverse import departures, duties, monitoring, queries, session_record
from clinic.adverse.forms import event_id
from clinic.adverse.models import Departure
from clinic.adverse.session_forms import DepartureForm, sheet_answers
from clinic.dosing.models import DosingSession
from clinic.dosing.views import for_session
from clinic.people import access
from clinic.people.gate import ClinicRequest
from clinic.planning import pdf
from kapstone import adverse
from kapstone.errors import ForbiddenStep

_STYLE = Path(__file__).parent / "static" / "adverse" / "paper.css"


@require_safe
@for_session
def form(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """The form as it stands: what is charted, what is open, what differs from what was saved."""
    return render(request, "adverse/form.html", _form(request, session))


def _form(request: ClinicRequest, session: DosingSession) -> dict[str, object]:
    if not monitoring.is_asked(session):
        raise Http404
    now = timezone.now()
    duty = session.duties.filter(row=duties.FORM).first()
    return {
        "now": now,
        "patient": session.patient,
        "session": session,
        "sheet": monitoring.sheet(session, now),
        "form": adverse.form(),
        "duty": duty,
        "sent": duty.steps.filter(kind="sent").last() if duty and duty.settled_at else None,
        "saves": session.monitoring_forms.select_related("by").order_by("-number"),
        "may_report": access.may(request.actor, "report_adverse", session.patient),
    }


@require_POST
@for_session
def save_form(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Keep it: what is charted, and what was typed into the open questions."""
    if not monitoring.is_asked(session):
        raise Http404
    answers, now = sheet_answers(request.POST.dict()), timezone.now()
    monitoring.save(session=session, answers=answers, by=request.user, at=now)
    left = len(monitoring.sheet(session, now).open)
    messages.success(request, f"Saved. {left} questions are open." if left else "Saved, all said.")
    return redirect("adverse:form", patient_id=session.patient_id, session_id=session.pk)


@require_safe
@for_session
def form_paper(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """The form as a PDF; without the PDF libraries, the page, which says so."""
    shown = _form(request, session)
    made = pdf.paper("adverse/form_paper.html", shown, _STYLE)
    if made is None:
        return render(request, "adverse/form.html", shown | {"no_pdf": True})
    return _as_pdf(made, f"monitoring-form-{session.pk}")


@require_http_methods(["GET", "POST"])
@for_session
def left(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Leaving against advice. Nothing here holds anybody, and no field must be filled."""
    now, last = timezone.now(), queries.departure(session)
    sent = request.method == "POST"
    draft = Departure(session=session)
    draft.pk = (event_id(request.POST.dict()) if sent else None) or uuid4()
    begin = {name: getattr(last, name) for name in _CARRIED} if last else {"left_at": now}
    told = DepartureForm(
        request.POST if sent else None, instance=draft, initial=begin, at=now, again=bool(last)
    )
    problems = departures.problems(session)
    if sent and told.is_valid() and not problems:
        try:
            kept = departures.chart(departure=told.instance, by=request.user, at=now)
        except ForbiddenStep:  # somebody ended the session while this form was open
            problems = departures.problems(session)
        else:
            missing = ", ".join(departures.lacks(kept))
            words = (
                f"Charted. Still missing: {missing}. Each is on Today." if missing else "Charted."
            )
            messages.success(request, words)
            return redirect("adverse:left", patient_id=session.patient_id, session_id=session.pk)
    shown = {
        "now": now,
        "patient": session.patient,
        "session": session,
        "last": last,
        "lacks": list(departures.lacks(last)) if last else [],
        "form": told,
        "problems": problems,
        "event_id": draft.pk,
        "asked": monitoring.is_asked(session),
    }
    return render(request, "adverse/left.html", shown, status=422 if sent else 200)


_CARRIED = (
    *("left_at", "can_decide", "capacity_note", "risk", "risk_note", "prescriber"),
    *("prescriber_called_at", "with_whom", "escort_name", "comment"),
)


@require_safe
@for_session
def record(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Everything charted in a session, on one page."""
    return render(request, "adverse/record.html", session_record.of(session, timezone.now()))


@require_safe
@for_session
def record_paper(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """The same as a PDF; without the PDF libraries, the page, which says so."""
    shown = session_record.of(session, timezone.now())
    made = pdf.paper("adverse/record_paper.html", shown, _STYLE)
    if made is None:
        return render(request, "adverse/record.html", shown | {"no_pdf": True})
    return _as_pdf(made, f"session-{session.pk}")


def _as_pdf(made: bytes, name: str) -> HttpResponse:
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
