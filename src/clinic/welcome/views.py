"""Pages of staff: whether somebody in care has an account, and an invitation to one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.measures import square
from clinic.people import tongue
from clinic.people.gate import ClinicRequest
from clinic.welcome import actions, letter, queries
from clinic.welcome.models import Invited


def account(request: ClinicRequest) -> HttpResponse:
    """Whether this person can sign in, what waits, and what can be done about it."""
    now, patient = timezone.now(), request.patient
    way, why_not_sent = queries.way_now(patient, now)
    waiting = queries.waiting(patient)
    shown = {
        "now": now,
        "patient": patient,
        "has_account": queries.has_account(patient),
        "works_here": queries.works_here(patient),
        "waiting": waiting,
        "state": queries.state(waiting, now) if waiting else None,
        "why_not": queries.why_not(patient),
        "way": way and Invited(way),
        "why_not_sent": why_not_sent,
    }
    return render(request, "welcome/account.html", shown)


@require_POST
def invite(request: ClinicRequest) -> HttpResponse:
    """Send an invitation, or show it once to be handed over."""
    now, patient = timezone.now(), request.patient
    way = queries.way_now(patient, now)[0] if request.POST.get("way") != Invited.HAND else None
    wanted = Invited(way) if way else Invited.HAND
    try:
        invitation, secret = actions.invite(patient=patient, way=wanted, by=request.user, at=now)
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
        return redirect("welcome:account", patient_id=patient.pk)
    if way is not None:
        problem = letter.send(invitation, secret, way)
        actions.note_sending(invitation=invitation, problem=problem, by=request.user, at=now)
        if not problem:
            messages.success(request, "Sent. Whether it arrived, nobody knows.")
            return redirect("welcome:account", patient_id=patient.pk)
    link = request.build_absolute_uri(reverse("welcome:link", args=[secret]))
    shown = {
        "patient": patient,
        "problem": invitation.problem,
        "link": link,
        "square": square.image(link),
        "told": letter.invited(invitation),
        "their_tongue": tongue.own(patient),
    }
    return render(request, "welcome/made.html", shown)


@require_POST
def withdraw(request: ClinicRequest) -> HttpResponse:
    """Take the invitation back."""
    try:
        actions.withdraw(patient=request.patient, by=request.user, at=timezone.now())
    except actions.Dead:
        messages.warning(request, "It was used or taken back meanwhile. Nothing was changed.")
    else:
        messages.success(request, "Taken back. Its link is dead.")
    return redirect("welcome:account", patient_id=request.patient.pk)


@require_POST
def close(request: ClinicRequest) -> HttpResponse:
    """Close the account."""
    try:
        actions.close_account(patient=request.patient, by=request.user, at=timezone.now())
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Closed. Whoever was signed in with it is signed out.")
    return redirect("welcome:account", patient_id=request.patient.pk)
