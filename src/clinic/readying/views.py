"""Pages about what is made ready before a visit: the person's own, and the one for a call."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clinic.people.gate import ClinicRequest
from clinic.readying import actions, queries
from clinic.readying.actions import Told
from clinic.readying.forms import CallForm, HelpForm


@require_http_methods(["GET", "POST"])
def own(request: ClinicRequest) -> HttpResponse:
    """The person's own list. One tap says yes to a line."""
    now = timezone.now()
    if request.method == "POST":
        line, visit = request.POST.get("line", ""), request.POST.get("visit", "")
        _say(request, visit, Told(line, ready=True))
        return redirect("readying:own")
    shown = {"patient": request.patient, "visit": queries.visit(request.patient, now), "now": now}
    return render(request, "readying/own.html", shown)


@require_http_methods(["GET", "POST"])
def own_help(request: ClinicRequest, line: str) -> HttpResponse:
    """What is hard about one line. Without words it is heard, too."""
    todo = _todo(request, line)
    form = HelpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = Told(line, ready=False, words=form.cleaned_data["words"])
        if _say(request, request.POST.get("visit", ""), told):
            messages.success(request, _("We see it and will get in touch with you."))
        return redirect("readying:own")
    shown = {"patient": request.patient, "form": form, "one": todo[1], "visit": todo[0]}
    return render(request, "readying/own_help.html", shown)


@require_safe
def visit(request: ClinicRequest) -> HttpResponse:
    """The list of one person, as staff go through it in a call."""
    now = timezone.now()
    shown = {"patient": request.patient, "visit": queries.visit(request.patient, now), "now": now}
    return render(request, "readying/visit.html", shown)


@require_http_methods(["GET", "POST"])
def call(request: ClinicRequest, line: str) -> HttpResponse:
    """Write down what the person said of one line."""
    booked, todo = _todo(request, line)
    said = (
        {"ready": "yes" if todo.said.ready else "no", "words": todo.said.words} if todo.said else {}
    )
    form = CallForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        if _say(request, request.POST.get("visit", ""), Told(line, **form.cleaned_data)):
            messages.success(request, "It is on record.")
        return redirect("readying:visit", patient_id=request.patient.pk)
    shown = {"patient": request.patient, "form": form, "one": todo, "visit": booked}
    return render(request, "readying/call.html", shown)


def _todo(request: ClinicRequest, line: str) -> tuple[queries.Visit, queries.ToDo]:
    booked = queries.visit(request.patient, timezone.now())
    found = [one for one in booked.todo if one.line.id == line] if booked else []
    if booked is None or not found:
        raise Http404
    return booked, found[0]


def _say(request: ClinicRequest, visit: str, told: Told) -> bool:
    """Keep it; where the visit was moved meanwhile, say so and keep nothing."""
    try:
        actions.say(
            patient=request.patient, visit=visit, told=told, by=request.user, at=timezone.now()
        )
    except actions.Moved:
        messages.error(request, _("Your visit has a new time. Please go through the list again."))
        return False
    return True
