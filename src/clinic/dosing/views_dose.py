"""The dose: two people's entries, the start, the parts, and a dose that was already given."""

from datetime import datetime
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinic.dosing import actions, before, chairside, dose_entry, forms, giving
from clinic.dosing import second as second_person
from clinic.dosing.dose_entry import EntryRefused, SaidIdentity
from clinic.dosing.models import DosingSession
from clinic.dosing.views import (
    SENT_BEFORE,
    Refusal,
    answered,
    for_session,
    page,
    refused,
    to_console,
)
from clinic.people import access
from clinic.people.gate import ClinicRequest
from clinic.people.models import StaffMember, User
from kapstone.dose import Outcome
from kapstone.errors import ForbiddenStep, InvalidInput
from kapstone.monitoring.events import Kind

NO_MORE = (
    "You may no longer give the drug, so no more of it was charted. A stop, a pause and a rate of "
    "nought are still taken from you. Somebody else gives more; call for help if nobody is there."
)


@require_POST
@for_session
def first(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Whoever gives the drug types first."""
    posted = request.POST.dict()
    identity = SaidIdentity(posted.get("initials", ""), posted.get("birth_year", ""))
    now = timezone.now()
    try:
        dose_entry.enter_first(
            session=session,
            entry=forms.entry_from(posted),
            identity=identity,
            by=request.user,
            at=now,
        )
    except (InvalidInput, EntryRefused) as error:
        return _without_figures(request, session, error)
    messages.success(request, "Taken. Now the second person, without looking at your figures.")
    _tell_lowered(request, session, now)
    return to_console(session)


def _tell_lowered(request: ClinicRequest, session: DosingSession, now: datetime) -> None:
    """The order was signed before this clinic set a lower hard limit: say so, and stop nothing."""
    if words := before.above_limit(before.order(session.patient, now)):
        messages.warning(request, words)


@require_http_methods(["GET", "POST"])
@for_session
def second_here(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """The second person at the same console, by their own passkey, PIN or password.

    The first stays signed in. A GET is a page for the second alone, with their passkey to touch.
    """
    asked = request.POST if request.method == "POST" else request.GET
    member = _named(asked.get("person", ""))
    if request.method == "GET":
        return _page_for(request, session, member)
    told = second_person.Proof(asked.get("secret", ""), asked.get("passkey", ""))
    try:
        person = second_person.proved(request, member.user, told)
        return _compare(request, session, person)
    except (InvalidInput, EntryRefused) as error:
        return _without_figures(request, session, error)


def _page_for(request: ClinicRequest, session: DosingSession, member: StaffMember) -> HttpResponse:
    if member not in second_person.candidates(session.patient, request.user, timezone.now()):
        raise Http404
    shown = {
        "patient": session.patient,
        "session": session,
        "member": member,
        "waits": dose_entry.waiting_first(session),
        "passkey": second_person.passkey(member.user),
    }
    return render(request, "dosing/second_here.html", shown)


def _named(written: str) -> StaffMember:
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0
    return get_object_or_404(StaffMember.objects.select_related("user"), pk=number)


@require_http_methods(["GET", "POST"])
@for_session
def second(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """The second person on a device of their own, signed in as themselves."""
    if request.method == "POST":
        try:
            return _compare(request, session, request.user)
        except (InvalidInput, EntryRefused) as error:
            return _second_page(request, session, str(error), 422)
    return _second_page(request, session, "", 200)


def _second_page(
    request: ClinicRequest, session: DosingSession, problem: str, status: int
) -> HttpResponse:
    shown = {
        "patient": session.patient,
        "session": session,
        "waits": dose_entry.waiting_first(session),
        "problem": problem,
    }
    return render(request, "dosing/second.html", shown, status=status)


def _compare(request: ClinicRequest, session: DosingSession, person: User) -> HttpResponse:
    now = timezone.now()
    outcome = dose_entry.enter_second(
        session=session,
        entry=forms.entry_from(request.POST.dict()),
        by=person,
        at=now,
    )
    if outcome is Outcome.AGREE:
        messages.success(request, "Both entries agree with the order and the weight of today.")
        _tell_lowered(request, session, now)
    else:
        messages.error(request, "The entries differ. No figure is shown. Both type again.")
    if person.pk == request.user.pk:
        return redirect("dosing:second", patient_id=session.patient_id, session_id=session.pk)
    return to_console(session)


def _without_figures(
    request: ClinicRequest, session: DosingSession, error: Exception
) -> HttpResponse:
    """The page again with the reason, and without what was typed: the next person sees it."""
    request.POST = type(request.POST)()
    return page(request, session, problems=(str(error),), status=422)


@require_POST
@for_session
def start(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Start the drug."""
    now = timezone.now()
    kind = Kind.DEVICE if session.product == "ESKETAMINE" else Kind.DOSE_START
    try:
        told = forms.with_lot(forms.chart_from(request.POST.dict() | {"kind": kind}, now))
        row = giving.start_dose(session=session, chart=told, by=request.user, at=now)
    except (*Refusal, actions.EventConflict) as error:
        return refused(request, session, error)
    return answered(request, session, row)


@require_POST
@for_session
def part(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """A further part of the dose: device, rate, pause, resume, stop."""
    now = timezone.now()
    try:
        told = forms.part(request.POST.dict(), now)
        if giving.is_more(told) and not access.may(request.actor, "give_dose", session.patient):
            raise ForbiddenStep(NO_MORE)
        row = giving.record_part(session=session, chart=told, by=request.user, at=now)
    except (*Refusal, actions.EventConflict) as error:
        return refused(request, session, error)
    return answered(request, session, row)


@require_http_methods(["GET", "POST"])
@for_session
def already_given(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Chart a dose that was already given. Nothing blocks it; it opens an alert."""
    shown = {
        "patient": session.patient,
        "session": session,
        "event_id": uuid4(),
        "typed": request.POST,
        "infusion_parts": chairside.INFUSION_PARTS,
    }
    if request.method == "GET":
        return render(request, "dosing/already_given.html", shown)
    now = timezone.now()
    try:
        told = forms.already_given(request.POST.dict(), _given_kind(request, session), now)
        row = giving.chart_given_dose(session=session, chart=told, by=request.user, at=now)
    except (InvalidInput, ForbiddenStep, actions.EventConflict) as error:
        if not request.accepts("text/html"):
            return refused(request, session, error)
        shown |= {
            "problem": str(error) or SENT_BEFORE,
            "event_id": request.POST.get("event_id", ""),
        }
        return render(request, "dosing/already_given.html", shown, status=422)
    return answered(request, session, row)


def _given_kind(request: ClinicRequest, session: DosingSession) -> Kind:
    if session.product == "ESKETAMINE":
        return Kind.DEVICE
    if session.route != "IV":
        return Kind.DOSE_START
    part = request.POST.get("part", "")
    if part not in chairside.GIVEN_PARTS:
        raise InvalidInput("what", "is missing.", "Say what was done.")
    return chairside.GIVEN_PARTS[part][0]
