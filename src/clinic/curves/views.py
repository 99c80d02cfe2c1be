"""The pages of the room. All of them read; none writes."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.curves import teaching as lesson
from clinic.curves import tried as plans
from clinic.curves.drawing import drawn, frame, table
from clinic.curves.predicted import Predicted, hours_shown
from clinic.curves.seen import of_session
from clinic.dosing import views as dosing
from clinic.dosing.models import DosingSession
from clinic.people.gate import ClinicRequest
from clinic.planning import queries as planning


@require_safe
def tried(request: ClinicRequest) -> HttpResponse:
    """A plan as somebody tries it, or two to compare; on each change the drawing alone."""
    plan = planning.current_plan(request.patient)
    forms = plans.forms_for(request.GET, plan)
    whose = plans.person(request.patient, timezone.now())
    found = plans.predictions(forms, whose)
    shown: dict[str, object] = {
        "patient": request.patient,
        "plan": plan,
        "first": forms[0],
        "second": forms[1],
        "shared": forms[2],
        "person": whose,
        **_drawing(found),
    }
    template = "curves/_tried.html" if request.htmx else "curves/tried.html"
    return render(request, template, shown)


def _drawing(found: list[Predicted]) -> dict[str, object]:
    """The predictions with their places in one drawing, whose axes hold them all."""
    seen = [one.shown for one in found if one.shown]
    if not seen:
        return {"found": found}
    hours = hours_shown([way for one in seen for way in one.curve.question.ways])
    axes = frame(seen, 60 * hours)
    curves = [drawn(one.label, one.shown, axes) for one in found if one.shown]
    tables = [(one, table(one.shown)) for one in found if one.shown]
    metabolite = any(one.curve.question.analyte.is_norketamine for one in seen)
    shown: dict[str, object] = {"axes": axes, "curves": curves, "tables": tables}
    return {"found": found, "of": "of norketamine" if metabolite else "", **shown}


@require_safe
@dosing.for_session
def session_page(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """What was measured over what is predicted of the doses as charted."""
    return _session(request, session, "curves/session.html")


@require_safe
@dosing.for_session
def session_again(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """The drawing alone, fetched again as the session goes on."""
    return _session(request, session, "curves/_session.html")


def _session(request: ClinicRequest, session: DosingSession, template: str) -> HttpResponse:
    now = timezone.now()
    shown = {"patient": session.patient, "session": session, "now": now}
    return render(request, template, {**shown, "seen": of_session(session, now)})


@require_safe
def teaching(request: ClinicRequest) -> HttpResponse:
    """The chain from dose to what may follow, in plain words, each link with its uncertainty."""
    return render(request, "curves/teaching.html", {"lesson": lesson.lesson()})
