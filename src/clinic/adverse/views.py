"""Pages about adverse events of one person, and of the clinic."""

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clinic.adverse import actions, duties, queries
from clinic.adverse.forms import EventForm, TapForm, asked_answers, event_id
from clinic.adverse.models import AdverseEvent
from clinic.dosing.models import DosingSession
from clinic.dosing.views import for_session
from clinic.people import access
from clinic.people.gate import ClinicRequest
from kapstone import adverse

MOVED = "Somebody corrected this event meanwhile. Read their words, then correct those."
LISTED = 200


@require_safe
def events(request: ClinicRequest) -> HttpResponse:
    """Everything on record about one person, and what is due about it."""
    shown = {
        "now": timezone.now(),
        "patient": request.patient,
        "events": [queries.shown(event) for event in queries.of_patient(request.patient)],
        "due": _due(request),
    }
    return render(request, "adverse/events.html", shown)


def _due(request: ClinicRequest) -> list[tuple[object, object]]:
    return [
        (duty, duties.row_of(duty)) for duty in duties.waiting().filter(patient=request.patient)
    ]


@require_safe
def event(request: ClinicRequest, event_id: UUID) -> HttpResponse:
    """One event with every correction, and what is due about it."""
    found = get_object_or_404(AdverseEvent, patient=request.patient, pk=event_id)
    chain = queries.history(found)
    newest = chain[-1]
    due = duties.soonest(chain[0].duties.select_related("patient", "owner__user", "event"))
    shown = {
        "now": timezone.now(),
        "patient": request.patient,
        "shown": queries.shown(newest),
        "earlier": [queries.shown(row) for row in reversed(chain[:-1])],
        "withdrawn": newest.withdrawn,
        "due": [(duty, duties.row_of(duty)) for duty in due],
        "association": adverse.content().association,
        "scale": adverse.content().scale,
    }
    return render(request, "adverse/event.html", shown)


@require_http_methods(["GET", "POST"])
def new(request: ClinicRequest) -> HttpResponse:
    """Record one, at any time: in the house, on the telephone, weeks later."""
    now = timezone.now()
    near = queries.near(request.patient, now)
    draft = AdverseEvent(
        patient=request.patient, session=near, onset_at=now, aware_at=now, reporter="patient"
    )
    return _written(request, draft, now, "Record an adverse event")


@require_http_methods(["GET", "POST"])
def correct(request: ClinicRequest, event_id: UUID) -> HttpResponse:
    """Correct one, or say that it was recorded in error. What stood stays on record."""
    found = get_object_or_404(AdverseEvent, patient=request.patient, pk=event_id)
    if hasattr(found, "replaced_by"):
        messages.warning(request, MOVED)
        return redirect("adverse:event", patient_id=request.patient.pk, event_id=event_id)
    same = {name: getattr(found, name) for name in _CARRIED}
    draft = AdverseEvent(replaces=found, **same)
    return _written(request, draft, timezone.now(), "Correct or complete")


_CARRIED = (
    *("patient", "session", "product", "inpatient", "term", "detail", "onset_at", "stop_at"),
    *("aware_at", "grade", "intervention_grade", "transient_expected", "criteria", "judged"),
    *("causality", "expectedness", "taken", "outcome", "reporter"),
)


def _written(
    request: ClinicRequest, draft: AdverseEvent, now: datetime, heading: str
) -> HttpResponse:
    """The form, and what it writes."""
    sent = request.method == "POST"
    draft.pk = (event_id(request.POST) if sent else None) or uuid4()
    form = EventForm(
        request.POST if sent else None,
        instance=draft,
        initial={"none_holds": draft.judged and not draft.criteria},
        at=now,
        may_judge=access.may(request.actor, "judge_adverse", request.patient),
    )
    if sent and form.is_valid():
        told = form.event()
        told.withdrawn = draft.replaces is not None and "withdraw" in request.POST
        try:
            kept = actions.record(event=told, by=request.user, at=now)
        except actions.EventMoved:
            messages.warning(request, MOVED)
            kept = queries.newest(told.replaces or told)
        else:
            messages.success(request, "On record. What is due stands below.")
        return redirect("adverse:event", patient_id=request.patient.pk, event_id=kept.pk)
    shown = {
        "now": now,
        "patient": request.patient,
        "form": form,
        "event_id": draft.pk,
        "heading": heading,
        "corrects": draft.replaces,
        "terms": adverse.content().terms.picked,
        "scale": adverse.content().scale,
    }
    return render(request, "adverse/write.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_session
def tap(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """From the console: one tap on a name records it. The rest can follow."""
    now = timezone.now()
    form, terms = TapForm(request.POST or None), adverse.content().terms
    if request.method == "POST" and form.is_valid():
        kept = actions.record(event=form.event(session, now), by=request.user, at=now)
        messages.success(
            request, f"{kept.term}: on record. What is open of it stands under Adverse events."
        )
        return redirect("dosing:console", patient_id=session.patient_id, session_id=session.pk)
    shown = {
        "now": now,
        "patient": session.patient,
        "session": session,
        "form": form,
        "known": [queries.shown(event) for event in queries.of_session(session)],
        "common": terms.asked,
        "rarer": [term for term in terms.picked if term not in terms.asked],
        "grades": adverse.content().grades,
        "scale": adverse.content().scale,
        "typed": request.POST,
    }
    return render(request, "adverse/tap.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_session
def ask(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Ask by name, after the session. Each yes is an event; what nobody asked is no *no*."""
    now, answers = timezone.now(), asked_answers(request.POST.dict())
    if request.method == "POST" and answers:
        actions.ask_round(session=session, answers=answers, by=request.user, at=now)
        yes = sum(answers.values())
        messages.success(request, f"{len(answers)} asked, {yes} said yes to. All on record.")
        return redirect("adverse:events", patient_id=session.patient_id)
    shown = {
        "now": now,
        "patient": session.patient,
        "session": session,
        "terms": adverse.content().terms.asked,
        "problem": "Answer at least one." if request.method == "POST" else "",
        "rounds": session.rounds.select_related("by").order_by("-at"),
    }
    return render(request, "adverse/ask.html", shown, status=422 if shown["problem"] else 200)


@require_safe
def everywhere(request: ClinicRequest) -> HttpResponse:
    """The clinic's events and all that is due, as far as this reader may see."""
    reached = access.reach(request.actor, "open_chart")
    rows = queries.standing().filter(patient__in=reached)
    waiting = duties.waiting().filter(patient__in=reached)
    shown = {
        "now": timezone.now(),
        "events": [queries.shown(event) for event in rows[:LISTED]],
        "more": max(rows.count() - LISTED, 0),
        "due": [(duty, duties.row_of(duty)) for duty in waiting],
    }
    return render(request, "adverse/everywhere.html", shown)
