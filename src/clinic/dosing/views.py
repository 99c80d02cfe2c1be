"""The console and what is charted on it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinic.dosing import (
    actions,
    before,
    chairside,
    dose_entry,
    forms,
    giving,
    offline,
    presence,
    quarantine,
    queries,
    readiness,
    scale,
    screen,
    second,
    stages,
    touched,
    under_order,
    unnamed,
    unwritten,
    words,
)
from clinic.dosing.kinds import OFFLINE, TOUCH
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.dosing.models.sessions import ENDED
from clinic.people import beside_words, lock
from clinic.people.gate import ClinicRequest
from kapstone.errors import ForbiddenStep, InvalidInput
from kapstone.monitoring.events import Kind
from kapstone.pathway import Need, Session

More = ParamSpec("More")
Refusal = (InvalidInput, ForbiddenStep, stages.Lacking)
SENT_BEFORE = "This entry was sent before with other content. Nothing was added."


def for_session(
    view: Callable[Concatenate[ClinicRequest, DosingSession, More], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Fetch the session through its patient, and refuse a form that was shown for another one.

    With two tabs on two people, what was typed for one must never be charted on the other.
    """

    @wraps(view)
    def inner(request: ClinicRequest, /, *args: More.args, **kwargs: More.kwargs) -> HttpResponse:
        session = queries.session_of(request.patient, kwargs.pop("session_id"))  # type: ignore[arg-type]  # the route's own
        if session is None:
            raise Http404
        if request.method == "POST" and request.POST.get("shown_for") != str(session.pk):
            return _refused(request, session, "This form was shown for another session.", 409)
        if typed_as := request.POST.get("typed_as", ""):
            try:
                offline.refuse_unless_own(session, typed_as, request.user)
            except offline.NotYours as error:
                return _refused(request, session, str(error), 409)
        return view(request, session, *args, **kwargs)

    return inner


def session_list(request: ClinicRequest) -> HttpResponse:
    """Every session of one person, and a way to plan the next."""
    now = timezone.now()
    shown = {
        "now": now,
        "patient": request.patient,
        "sessions": queries.sessions(request.patient),
        "open": queries.open_session(request.patient),
        "order": before.order(request.patient, now),
    }
    return render(request, "dosing/sessions.html", shown)


@require_POST
def open_session(request: ClinicRequest) -> HttpResponse:
    """Open a session for the order in force."""
    now = timezone.now()
    order = before.order(request.patient, now)
    if order is None:
        messages.error(request, "No signed order is in force. Sign one first.")
        return redirect("dosing:sessions", patient_id=request.patient.pk)
    if (known := queries.open_session(request.patient)) is not None:
        return to_console(known)
    try:
        against = stages.refuse_unless_free(request.patient, order, now, now)
    except stages.NotYet as error:
        messages.error(request, f"No session is opened. {error} A prescriber decides: Series.")
        return redirect("planning:series", patient_id=request.patient.pk)
    session = stages.open_session(
        patient=request.patient,
        product=order.product,
        route=order.route,
        by=request.user,
        at=now,
    )
    if against.close:
        messages.warning(request, against.close)
    return to_console(session)


@for_session
def console(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """One patient, one screen. Locked, it stays readable for as long as the session is open."""
    if session.phase in ENDED and lock.is_locked(request):
        return lock.ask(request)
    return page(request, session)


def page(
    request: ClinicRequest,
    session: DosingSession,
    *,
    problems: tuple[str, ...] = (),
    status: int = 200,
    asks: str = "",
) -> HttpResponse:
    """The console, with what was typed and why it was not taken."""
    now = timezone.now()
    if lock.is_locked(request):
        return unnamed.page(request, session, now, status)
    seen = screen.build(session, now)
    # What is computed of the list would be of now, and not of when the dose began.
    ready = None if seen.state.dose else readiness.judge(session, now)
    outside = presence.candidates(seen.present, now)
    order = ready.order if ready else before.order(session.patient, now)
    shown = {
        "now": now,
        "patient": session.patient,
        "session": session,
        "screen": seen,
        "ready": ready,
        "checks": ready.items if ready else readiness.charted_of(session, seen.standing),
        "order": order,
        "above_limit": before.above_limit(order) if ready else "",
        "check": dose_entry.check_in_force(session, now, seen.standing),
        "standing_orders": under_order.offered(now),
        "outside": outside,
        "unnamed": words.unnamed(session),
        "beside": beside_words.words(request.actor, session.patient),
        "typed": request.POST,
        "problems": problems,
        "asks": asks,
    }
    shown |= chairside.OFFERED | chairside.agreed(session.patient, seen.present, outside)
    shown |= chairside.of_dose(session, seen.state, order, now)
    shown |= second.of_check(session, request.user, now)
    return render(request, "dosing/console.html", shown, status=status)


@require_POST
@for_session
def chart(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Chart one event."""
    now = timezone.now()
    try:
        told = forms.charted(request.POST.dict(), now)
        if told.kind == Kind.SAMPLE:
            row = quarantine.take(session=session, chart=told, by=request.user, at=now)
            return answered(request, session, row)
        if told.kind == TOUCH:
            row = touched.chart(session=session, told=told, by=request.user, at=now)
            return answered(request, session, row)
        if told.kind == OFFLINE:
            told = offline.gap(told, now)
        told = under_order.fill(session, told, request.POST.get("given_under", ""))
        scale.ask(session, told, request.POST.get(scale.AGAIN, ""), now)
        row = actions.record(session=session, chart=told, by=request.user, at=now)
    except (InvalidInput, actions.EventConflict) as error:
        return refused(request, session, error)
    except OperationalError:
        unwritten.hold(session, told, now)  # what it says is judged all the same
        raise
    return answered(request, session, row)


@require_POST
@for_session
def note(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """An observation in words, by anybody in the room."""
    now = timezone.now()
    try:
        told = forms.noted(request.POST.dict(), now)
        row = actions.record(session=session, chart=told, by=request.user, at=now)
    except (InvalidInput, actions.EventConflict) as error:
        return refused(request, session, error)
    return answered(request, session, row)


@require_http_methods(["GET", "POST"])
@for_session
def correct(request: ClinicRequest, session: DosingSession, event_id: UUID) -> HttpResponse:
    """Correct, withdraw or mark a line; the line itself stays on record."""
    event = get_object_or_404(SessionEvent, session=session, pk=event_id)
    shown = {
        "patient": session.patient,
        "session": session,
        "event": event,
        "words": words.of(event),
        "measured": event.kind in actions.MEASURED,
        "fields": chairside.fields_of(session, event),
        "typed": request.POST,
    }
    if request.method == "GET":
        return render(request, "dosing/correct.html", shown)
    now = timezone.now()
    try:
        if request.POST.get("as") == Kind.ARTEFACT:
            told = forms.marked(request.POST.dict(), event, now)
            actions.record(session=session, chart=told, by=request.user, at=now)
        else:
            told = forms.corrected(request.POST.dict(), event, now)
            giving.correct(session=session, chart=told, by=request.user, at=now)
    except (InvalidInput, actions.EventConflict) as error:
        shown["problem"] = str(error) or SENT_BEFORE
        return render(request, "dosing/correct.html", shown, status=422)
    return to_console(session)


@require_POST
@for_session
def step(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """One step of the session: arrived, ready, or a phase that a tap may reach."""
    now, to = timezone.now(), request.POST.get("to", "")
    try:
        if to == Session.ARRIVED:
            stages.arrive(session=session, by=request.user, at=now)
        elif to == Session.READY:
            stages.make_ready(session=session, by=request.user, at=now)
        else:
            phase, reason = forms.step_from(request.POST.dict()), request.POST.get("reason", "")
            have = readiness.needs_met(session, readiness.judge(session, now)) | given_need(session)
            stages.advance(
                session=session, to=phase, have=have, by=request.user, at=now, reason=reason
            )
    except Refusal as error:
        return refused(request, session, error)
    return to_console(session)


def given_need(session: DosingSession) -> frozenset[Need]:
    """Whether a dose was charted at all."""
    kinds = {row.kind for row in queries.standing_rows(session)}
    return frozenset({Need.DOSE_GIVEN} if kinds & {"dose_start", "device"} else ())


def refused(request: ClinicRequest, session: DosingSession, error: Exception) -> HttpResponse:
    """Why something was not done, on the page it came from, with nothing lost."""
    told = f"Still lacking: {error}." if isinstance(error, stages.Lacking) else str(error)
    conflict = isinstance(error, ForbiddenStep | actions.EventConflict)
    asks = scale.AGAIN if isinstance(error, scale.WeighAgain) else ""
    return _refused(request, session, told or SENT_BEFORE, 409 if conflict else 422, asks)


def _refused(
    request: ClinicRequest, session: DosingSession, told: str, status: int, asks: str = ""
) -> HttpResponse:
    if request.accepts("application/json") and not request.accepts("text/html"):
        return JsonResponse({"error": told, "asks": asks}, status=status)
    return page(request, session, problems=(told,), status=status, asks=asks)


def answered(request: HttpRequest, session: DosingSession, row: SessionEvent) -> HttpResponse:
    """It stands on the line, under this number."""
    if request.accepts("application/json") and not request.accepts("text/html"):
        return JsonResponse({"number": row.number, "id": str(row.pk)})
    return to_console(session)


def to_console(session: DosingSession) -> HttpResponse:
    return redirect("dosing:console", patient_id=session.patient_id, session_id=session.pk)
