"""Eligibility: facts beside findings, what is unknown, and a prescriber's decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.content import queries as content
from clinic.content.models import SeverityChoice
from clinic.episodes.queries import open_episode
from clinic.intake import actions, counted, deciding, known, queries, screening
from clinic.intake.deciding_forms import ClearForm, OverrideForm
from clinic.intake.forms import ASKED, AnswersForm, answer_form
from clinic.intake.holding import held_back
from clinic.intake.list_forms import ReasonForm
from clinic.intake.models import (
    ClearanceEvent,
    ClearanceEventKind,
    FactAnswer,
    Override,
    Source,
)
from clinic.intake.wording import Known, inputs, name_of, parts, told_facts
from clinic.people.gate import ClinicRequest
from clinic.people.models import Patient
from kapstone import eligibility as rules
from kapstone.content import rule_row
from kapstone.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding with what it was read from and the override that covers it."""

    finding: Finding
    inputs: list[Known]
    threshold: str
    override: Override | None
    published: Severity | None
    set_here: SeverityChoice | None


@dataclass(frozen=True, slots=True)
class ShownUnknown:
    """One question with the rules that need it, and its form where it can be answered here."""

    question: rules.Question
    needed_by: tuple[str, ...]
    form: AnswersForm | None
    section: str


def eligibility(request: ClinicRequest) -> HttpResponse:
    """What is known on one side, what it comes to on the other."""
    return _page(request)


@require_POST
def answer(request: ClinicRequest) -> HttpResponse:
    """Answer one question in place."""
    key = request.POST.get("key", "")
    if not _in_place(key):
        raise Http404
    form = answer_form(key, known.latest_answers(request.patient), request.POST)
    if not form.is_valid():
        return _page(request, broken=(key, form))
    now = timezone.now()
    given = form.by_moment(now)
    for moment, answers in given.items():
        actions.record_facts(
            patient=request.patient,
            answers=answers,
            how=actions.How(moment, Source.ASKED),
            by=request.user,
            at=now,
        )
    if not given:
        messages.error(request, "Nothing was saved: choose an answer.")
    return redirect("intake:eligibility", patient_id=request.patient.pk)


def _in_place(key: str) -> bool:
    """The suicide screener is asked as a whole, never one item here and there."""
    return key in ASKED and not key.startswith("cssrs.")


def override(request: ClinicRequest, rule: str) -> HttpResponse:
    """A prescriber goes on in spite of one RELATIVE finding."""
    now = timezone.now()
    try:
        finding = deciding.relative_finding(screening.run(request.patient, now).screening, rule)
    except deciding.NotOverridable as error:
        raise Http404 from error
    form = OverrideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        deciding.override(
            patient=request.patient, rule=rule, terms=form.terms(), by=request.user, at=now
        )
        messages.success(request, f"{rule} is overridden until {form.cleaned_data['expires_on']}.")
        return redirect("intake:eligibility", patient_id=request.patient.pk)
    read_from = inputs(finding, held_back(request.patient))
    shown = {"patient": request.patient, "finding": finding, "form": form, "inputs": read_from}
    return render(request, "intake/override.html", shown)


def clear(request: ClinicRequest) -> HttpResponse:
    """A prescriber clears; what stands in the way is said instead of a button."""
    now = timezone.now()
    run = screening.run(request.patient, now)
    in_the_way = deciding.obstacles(run, queries.overrides(request.patient, now))
    form = ClearForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            deciding.clear(
                patient=request.patient,
                ceiling=form.ceiling(),
                note=form.cleaned_data["note"],
                by=request.user,
                at=now,
            )
        except deciding.NotClearable as error:
            for reason in error.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, "Cleared.")
            return redirect("intake:eligibility", patient_id=request.patient.pk)
    shown = {
        "patient": request.patient,
        "run": run,
        "in_the_way": in_the_way,
        "form": form,
        "product": run.facts.get("product"),
        "route": run.facts.get("route"),
        "known": told_facts(request.patient, run.facts),
    }
    return render(request, "intake/clear.html", shown)


def correct(request: ClinicRequest, row_id: UUID) -> HttpResponse:
    """An answer was recorded wrongly: a new row with the reason."""
    found = get_object_or_404(
        FactAnswer, patient=request.patient, pk=row_id, replaced_by__isnull=True
    )
    if found.key not in ASKED:
        raise Http404
    form = answer_form(found.key, {found.key: found}, request.POST or None)
    why = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and why.is_valid():
        now, as_it_was = timezone.now(), actions.DECLINED if found.declined else found.value
        actions.correct_fact(
            answer=found,
            value=form.answers().get(found.key, as_it_was),
            reason=why.cleaned_data["reason"],
            by=request.user,
            at=now,
            observed_at=form.taken_at(found.key, now) or (now if counted.ages(found.key) else None),
        )
        messages.success(request, "Corrected. The first answer stays on record.")
        return redirect("intake:eligibility", patient_id=request.patient.pk)
    shown = {"patient": request.patient, "answer": found, "form": form, "why": why}
    return render(request, "intake/correct.html", shown)


def _page(request: ClinicRequest, *, broken: tuple[str, AnswersForm] | None = None) -> HttpResponse:
    now = timezone.now()
    run = screening.run(request.patient, now)
    held = queries.overrides(request.patient, now)
    set_here = content.choices_in_force()
    why_held = held_back(request.patient)
    findings = [
        _shown(finding, inputs(finding, why_held), held, set_here)
        for finding in run.screening.findings
    ]
    concerned = {each.key for finding in findings for each in finding.inputs}
    shown: dict[str, Any] = {
        "now": now,
        "patient": request.patient,
        "episode": open_episode(request.patient),
        "parts": parts(told_facts(request.patient, run.facts), concerned),
        "state": _STATE[run.screening.state],
        "version": run.screening.version,
        "groups": [
            (str(severity), [each for each in findings if each.finding.severity is severity])
            for severity in Severity
        ],
        "finding_count": len(findings),
        "unknowns": _unknowns(request, run, broken),
        "in_the_way": deciding.obstacles(run, held),
        "to_check": known.medicines_to_check(request.patient),
        "clearance": queries.clearance(request.patient, now),
        "events": [(event, _why(event)) for event in _last_events(request.patient)],
    }
    return render(request, "intake/eligibility.html", shown)


def _last_events(patient: Patient) -> QuerySet[ClearanceEvent]:
    found = ClearanceEvent.objects.filter(clearance__patient=patient)
    return found.select_related("clearance", "by").order_by("-pk")[:10]


def _why(event: ClearanceEvent) -> list[str]:
    """Why it lapsed or ended; which facts changed where it stands."""
    stands = event.kind == ClearanceEventKind.RESTAMPED
    return [name_of(key) for key in event.reasons] if stands else event.reasons


def _shown(
    finding: Finding,
    read_from: list[Known],
    held: list[Override],
    set_here: Mapping[str, SeverityChoice],
) -> ShownFinding:
    found = [row for row in rules.RULES if row.id == finding.code and row.band == finding.band]
    band = found[0] if found else None
    return ShownFinding(
        finding,
        read_from,
        band.when if band else "",
        queries.covering(held, finding),
        band.severity if band else None,
        set_here.get(rule_row(band).digest) if band else None,
    )


def _unknowns(
    request: ClinicRequest, run: screening.Run, broken: tuple[str, AnswersForm] | None
) -> list[ShownUnknown]:
    latest = known.latest_answers(request.patient)
    shown = []
    for question, unknown in zip(
        rules.questions(run.screening), run.screening.unknown, strict=True
    ):
        key = question.key.name
        form = answer_form(key, latest) if _in_place(key) else None
        if broken and broken[0] == key:
            form = broken[1]
        anchor = _ANCHORS.get(key, question.section)
        shown.append(ShownUnknown(question, unknown.needed_by, form, anchor))
    return shown


_STATE = {
    rules.State.INCOMPLETE: "something is not known yet",
    rules.State.FLAGGED: "something stands in the way",
    rules.State.UNDER_REVIEW: "a prescriber decides",
}
_ANCHORS = {
    "sbp": "pressures",
    "dbp": "pressures",
    "medications": "medicines",
    "lorazepam_eq_mg": "medicines",
    "allergies": "allergies",
}
