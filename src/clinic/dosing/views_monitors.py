"""The bedside monitors of a session: connect one, compare its figures, let it go."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.dosing import devices, monitors
from clinic.dosing.models import DosingSession, Monitor
from clinic.dosing.models.sessions import ENDED
from clinic.dosing.views import for_session
from clinic.people.gate import ClinicRequest
from kapstone.errors import InvalidInput
from kapstone.monitoring.vitals import parameters


@for_session
def listed(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Every monitor that sends here or did; by POST one more, whose key is shown this once."""
    problem = key = ""
    if request.method == "POST":
        name, now = request.POST.get("name", ""), timezone.now()
        try:
            _, key = monitors.connect(session=session, name=name, by=request.user, at=now)
        except InvalidInput as error:
            problem = str(error)
    rows = session.monitors.select_related("connected_by", "confirmed_by", "ended_by")
    shown = [(one, _said(one)) for one in rows.order_by("ended_at", "-pk")]
    told = {
        "patient": session.patient,
        "session": session,
        "monitors": shown,
        "key": key,
        "address": request.build_absolute_uri(devices.PATH),
        "problem": problem,
        "now": timezone.now(),
        "is_over": session.phase in ENDED,
    }
    return render(request, "dosing/monitors.html", told, status=422 if problem else 200)


def _said(monitor: Monitor) -> list[tuple[str, object, str]]:
    """What it said last, in words: label, figure and unit."""
    by_key = {one.key: one for one in parameters().values()}
    return [(by_key[key].label, said, by_key[key].unit) for key, said in monitor.said.items()]


@require_POST
@for_session
def confirm(request: ClinicRequest, session: DosingSession, monitor_id: int) -> HttpResponse:
    """Somebody compared its figures with its own display."""
    found = get_object_or_404(session.monitors, pk=monitor_id)
    monitors.confirm(monitor=found, by=request.user, at=timezone.now())
    return redirect("dosing:monitors", patient_id=session.patient_id, session_id=session.pk)


@require_POST
@for_session
def disconnect(request: ClinicRequest, session: DosingSession, monitor_id: int) -> HttpResponse:
    """It may send no more."""
    found = get_object_or_404(session.monitors, pk=monitor_id)
    monitors.disconnect(monitor=found, by=request.user, at=timezone.now())
    return redirect("dosing:monitors", patient_id=session.patient_id, session_id=session.pk)
