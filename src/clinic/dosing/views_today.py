"""What is asked anew on the dosing day, because the screening rules read it."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinic.dosing import readiness
from clinic.dosing.models import DosingSession
from clinic.dosing.views import for_session, to_console
from clinic.intake import actions, entries, known, last_taken
from clinic.intake.forms import OF_THE_DAY, AnswersForm
from clinic.intake.list_forms import LastTakenForm
from clinic.intake.models import MedicineEntry, Source
from clinic.people.gate import ClinicRequest


@require_http_methods(["GET", "POST"])
@for_session
def today(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """The questions of the day. An answer of an earlier day is not filled in."""
    now = timezone.now()
    held = {
        key: answer
        for key, answer in known.latest_answers(session.patient).items()
        if timezone.localdate(answer.observed_at) == timezone.localdate(now)
    }
    asked = OF_THE_DAY.asked(known.read(session.patient, now))
    form = AnswersForm(asked, held, request.POST or None, all_today=True)
    taken = LastTakenForm(_to_ask(session, now), request.POST or None)
    if request.method == "POST" and form.is_valid() and taken.is_valid():
        for entry, hours in taken.told():
            entries.tell_last_taken(entry, hours, by=request.user, at=now)
        actions.record_facts(
            patient=session.patient,
            answers=form.answers(),
            # Not as ASKED, which keeps no answer that is the same as an earlier day's.
            how=actions.How(now, Source.MEASURED),
            by=request.user,
            at=now,
        )
        messages.success(request, "The answers of today are on record.")
        return to_console(session)
    shown = {"patient": session.patient, "session": session, "form": form, "taken": taken}
    status = 422 if form.errors or taken.errors else 200
    return render(request, "dosing/today.html", shown, status=status)


def _to_ask(session: DosingSession, now: datetime) -> list[MedicineEntry]:
    """The medicines of which somebody is to say today when they were last taken."""
    found = readiness.screened(session, now)
    unknown = found.unknown if found else ()
    names = {name for one in unknown if one.key == last_taken.KEY for name in one.names}
    listed = known.current_medicines(session.patient)
    return [entry for entry in listed if known.engine_name(entry) in names]
