"""Pages about what is due after a dose: one person's list, a call, a patient's own answers."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic.episodes import queries as episodes
from clinic.measures import daily, due, follow_up, queries
from clinic.measures.call_form import CheckInForm
from clinic.measures.link import begin_visit, own_key
from clinic.measures.models import CheckIn, DueItem
from clinic.people.gate import ClinicRequest
from clinic.reach.wishes import zone_of
from kapstone.schedule import CHECK_IN, State


def after(request: ClinicRequest) -> HttpResponse:
    """Everything this person was asked or is to be asked, and what became of it."""
    now = timezone.now()
    lines, zone = due.of_patient(request.patient, now), zone_of(request.patient)
    shown = {
        "now": now,
        "patient": request.patient,
        "lines": lines,
        "doses": episodes.given_doses(request.patient),
        "calls": CheckIn.objects.filter(item__patient=request.patient)
        .select_related("by")
        .order_by("-called_at"),
        "asked": [line for line in lines if line.state not in (State.AHEAD, State.NOT_APPLICABLE)],
        "missed": [line for line in lines if line.state is State.MISSED],
        "wished": daily.is_wished(request.patient),
        "in_care": episodes.open_episode(request.patient) is not None,
        "own_zone": "" if zone.key == settings.TIME_ZONE else zone.key,
    }
    return render(request, "measures/after.html", shown)


def check_in(request: ClinicRequest, item_id: UUID) -> HttpResponse:
    """Write down one call, whether or not it reached anybody."""
    now = timezone.now()
    item = get_object_or_404(DueItem, patient=request.patient, pk=item_id, ask=CHECK_IN)
    draft = CheckIn(item=item, called_at=now)
    form = CheckInForm(request.POST or None, instance=draft, at=now)
    if request.method == "POST" and form.is_valid():
        call = follow_up.record_check_in(
            call=form.instance, by=request.user, at=now, escalate=form.escalation()
        )
        said = "The call is on record." if call.reached else "The try is on record. Call again."
        messages.success(request, said)
        return redirect("measures:after", patient_id=request.patient.pk)
    shown = {
        "now": now,
        "patient": request.patient,
        "item": item,
        "dose": episodes.given_doses(request.patient).filter(session_id=item.anchor).first(),
        "calls": item.calls.select_related("by").order_by("called_at"),
        "form": form,
    }
    return render(request, "measures/check_in.html", shown, status=422 if form.errors else 200)


@require_POST
def own(request: ClinicRequest, assignment_id: UUID) -> HttpResponse:
    """A patient who is signed in answers what waits for them; signing in is the second fact."""
    now = timezone.now()
    waiting = queries.open_assignments(request.patient, now)
    assignment = get_object_or_404(waiting, pk=assignment_id)
    begin_visit(request, assignment, now)
    return redirect("measures:answer", secret=own_key(assignment))


@require_POST
def wish(request: ClinicRequest) -> HttpResponse:
    """Staff write down whether this person wishes to be asked every day."""
    _wish(request)
    return redirect("measures:after", patient_id=request.patient.pk)


@require_POST
def own_wish(request: ClinicRequest) -> HttpResponse:
    """A person says for themselves whether they are asked every day."""
    _wish(request)
    return redirect("people:me")


def _wish(request: ClinicRequest) -> None:
    told = request.POST.get("wanted")
    if told not in ("yes", "no"):  # a broken request must not end what a person wished
        messages.error(request, _("Nothing was changed (wanted). Load the page again."))
        return
    daily.wish(patient=request.patient, wanted=told == "yes", by=request.user, at=timezone.now())
