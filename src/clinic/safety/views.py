"""Pages about a safety plan: read, make or go through again, on paper, and the person's own."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.forms import BaseFormSet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.people import access, crisis
from clinic.people.gate import ClinicRequest
from clinic.people.models import Patient
from clinic.planning import pdf
from clinic.safety import actions, queries
from clinic.safety.forms import PlanForm, SurroundingsForm, SurroundingsRows, problems
from clinic.safety.models import SafeSurroundings, SafetyPlan

REVIEW_AFTER = timedelta(days=30)  # a proposal on the form, mark P
_STYLE = Path(__file__).parent / "static" / "safety" / "paper.css"


@require_safe
def plan(request: ClinicRequest, version: int | None = None) -> HttpResponse:
    """The plan that holds, or an earlier version of it."""
    held = list(queries.plans(request.patient))
    wanted = [one for one in held if version in (None, one.version)]
    if version is not None and not wanted:
        raise Http404
    found = wanted[0] if wanted else None
    now = timezone.now()
    shown = _shown(request.patient, found) | {
        "now": now,
        "versions": held,
        "newest": found is None or found == held[0],
        "overdue": found is not None and found.review_on < timezone.localdate(now),
        "may_make": access.may(request.actor, "make_safety_plan", request.patient),
    }
    return render(request, "safety/plan.html", shown)


def make(request: ClinicRequest) -> HttpResponse:
    """Make a plan with the person, or go through the one that holds."""
    now, last = timezone.now(), queries.plans(request.patient).first()
    draft = SafetyPlan(patient=request.patient)
    form = PlanForm(
        request.POST or None,
        instance=draft,
        initial=_begin(last) | {"review_on": timezone.localdate(now) + REVIEW_AFTER},
        today=timezone.localdate(now),
    )
    rows = SurroundingsRows(
        request.POST or None, initial=None if request.POST else _rows(last), prefix="rows"
    )
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        try:
            kept = actions.keep_plan(
                plan=form.instance,
                surroundings=_filled(rows),
                before=_number(request.POST.get("before", "")),
                by=request.user,
                at=now,
            )
        except actions.PlanMoved:
            messages.error(
                request, "Somebody kept a newer version meanwhile. Read it, then go through it."
            )
        else:
            messages.success(request, f"Version {kept.version} is on record. Give them a copy.")
        return redirect("safety:plan", patient_id=request.patient.pk)
    return _form(request, form, rows, last)


def _form(
    request: ClinicRequest,
    form: PlanForm,
    rows: BaseFormSet[SurroundingsForm],
    last: SafetyPlan | None,
) -> HttpResponse:
    for problem in problems(rows) if request.method == "POST" else ():
        form.add_error(None, problem)
    steps = [form[step.name] for step in queries.STEPS]
    shown = {
        "patient": request.patient,
        "form": form,
        "steps": steps,
        "rest": [field for field in form if field not in steps],
        "rows": rows,
        "last": last,
        "surroundings": queries.SURROUNDINGS,
    }
    return render(request, "safety/make.html", shown)


@require_safe
def paper(request: ClinicRequest) -> HttpResponse:
    """The plan that holds as a PDF; without the PDF libraries the page, which says so."""
    found = queries.plans(request.patient).first()
    if found is None:
        raise Http404
    made = pdf.paper("safety/paper.html", _shown(request.patient, found), _STYLE)
    if made is None:
        shown = _shown(request.patient, found) | {"no_pdf": True, "newest": True}
        return render(request, "safety/plan.html", shown)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="plan-{found.pk}.pdf"'
    return response


@require_safe
def own(request: ClinicRequest) -> HttpResponse:
    """A person's own plan, on their phone."""
    return render(
        request, "safety/own.html", _shown(request.patient, queries.plans(request.patient).first())
    )


def _shown(patient: Patient, found: SafetyPlan | None) -> dict[str, object]:
    return {
        "patient": patient,
        "plan": found,
        "steps": list(queries.shown(found)),
        "agreed": list(found.surroundings.order_by("pk")) if found else [],
        "surroundings": queries.SURROUNDINGS,
        "reasons": queries.REASONS,
        "clinic_phone": settings.CLINIC_PHONE,
        "crisis_contacts": crisis.lines(),
    }


def _begin(last: SafetyPlan | None) -> dict[str, object]:
    """What stood in the last version; in a first one the lines that everybody may call."""
    if last is not None:
        return {name: getattr(last, name) for name in PlanForm.Meta.fields}
    lines = [f"{each.words}: {each.note}" for each in crisis.lines()]
    clinic = [f"{settings.CLINIC_NAME}: {settings.CLINIC_PHONE}"] if settings.CLINIC_PHONE else []
    return {"professionals": "\n".join(clinic + lines)}


def _rows(last: SafetyPlan | None) -> list[dict[str, object]]:
    if last is None:
        return []
    rows = last.surroundings.order_by("pk")
    return [{name: getattr(row, name) for name in SurroundingsForm.Meta.fields} for row in rows]


def _filled(rows: BaseFormSet[SurroundingsForm]) -> list[SafeSurroundings]:
    return [form.save(commit=False) for form in rows.forms if form.cleaned_data.get("item")]


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() else 0
