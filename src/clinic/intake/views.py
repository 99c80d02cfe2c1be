"""The intake form: sections that save as they go."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import date as date_words
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.intake import actions, known
from clinic.intake.forms import SECTIONS, AnswersForm, Section, unanswered
from clinic.intake.known import Latest
from clinic.intake.list_forms import AllergyForm, MedicineForm, PressureForm, TrialForm
from clinic.intake.models import CheckedAs, DrugTrial, MedicineEntry, Recorded, Source
from clinic.people.gate import ClinicRequest
from clinic.people.models import Patient
from kapstone.eligibility import Facts, Question

DAY = "M j, Y"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list in words."""

    entry: Recorded
    words: str
    more: str
    to_check: bool = False


def form(request: ClinicRequest) -> HttpResponse:
    """The whole form, with what is known already."""
    return page(request)


@require_POST
def section(request: ClinicRequest, section: str) -> HttpResponse:
    """Save one section. With htmx only what became of it is answered."""
    if section not in SECTIONS:
        raise Http404
    asked = SECTIONS[section]
    shown = _shown(request, asked)
    filled = AnswersForm(shown, known.latest_answers(request.patient), request.POST)
    if not filled.is_valid():
        if request.htmx:
            return render(request, "intake/_saved.html", {"form": filled})
        return page(request, broken=(asked, filled))
    _keep(request, asked, filled)
    if request.htmx:
        more = set(_shown(request, asked)) - set(shown)
        told = {"saved_at": timezone.now(), "patient": request.patient, "section": asked}
        return render(request, "intake/_saved.html", told | {"more": len(more)})
    messages.success(request, f"{asked.title}: saved.")
    return redirect(reverse("intake:form", args=[request.patient.pk]) + f"#{asked.id}")


def _shown(request: ClinicRequest, section: Section) -> list[Question]:
    """What is worth asking, and whatever was sent."""
    facts = known.read(request.patient, timezone.now())
    return [
        question
        for question in section.questions
        if question.is_asked(facts) or question.key.name in request.POST
    ]


def _keep(request: ClinicRequest, asked: Section, filled: AnswersForm) -> None:
    now = timezone.now()
    for moment, answers in filled.by_moment(now).items():
        actions.record_facts(
            patient=request.patient,
            answers=answers,
            how=actions.How(moment, Source.ASKED),
            by=request.user,
            at=now,
        )
    if asked.id == "suicidality" and "finished" in request.POST and not request.htmx:
        actions.finish_screener(patient=request.patient, by=request.user, at=now)


def page(
    request: ClinicRequest,
    *,
    broken: tuple[Section, AnswersForm] | None = None,
    list_form: object = None,
) -> HttpResponse:
    """The page, with one form as it was sent where something in it must be mended."""
    forms = {
        "pressure_form": PressureForm,
        "medicine_form": MedicineForm,
        "allergy_form": AllergyForm,
        "trial_form": TrialForm,
    }
    shown: dict[str, object] = {
        name: list_form if isinstance(list_form, kind) else kind() for name, kind in forms.items()
    }
    latest = known.latest_answers(request.patient)
    facts = known.read(request.patient, timezone.now())
    shown |= {"now": timezone.now(), "patient": request.patient}
    shown |= _sections(latest, facts, broken) | _lists(request.patient, latest)
    return render(request, "intake/intake.html", shown)


def _sections(
    latest: Latest, facts: Facts, broken: tuple[Section, AnswersForm] | None
) -> dict[str, object]:
    """Every section with its form, and how much of it is answered."""
    asked = {section: section.asked(facts) for section in SECTIONS.values()}
    keys = [question.key.name for questions in asked.values() for question in questions]
    return {
        "sections": [
            {
                "section": section,
                "form": broken[1]
                if broken and broken[0] is section
                else AnswersForm(questions, latest),
                "open": unanswered(questions, latest),
                "of": len(questions),
            }
            for section, questions in asked.items()
        ],
        "asked_count": sum(key in latest for key in keys),
        "question_count": len(keys),
    }


def _lists(patient: Patient, latest: Latest) -> dict[str, object]:
    """What is kept as rows: pressures, medicines, allergies, treatments tried."""
    return {
        "pressures": known.last_pressures(patient),
        "medicines": [
            Row(entry, entry.name, _amounts(entry), known.needs_check(entry))
            for entry in known.current_medicines(patient)
        ],
        "allergies": [
            Row(entry, entry.substance, entry.reaction)
            for entry in known.current_allergies(patient)
        ],
        "trials": [
            Row(entry, entry.drug, _course(entry)) for entry in known.current_trials(patient)
        ],
        "medicines_whole": known.is_whole(latest, "medications"),
        "allergies_whole": known.is_whole(latest, "allergies"),
    }


def _amounts(entry: MedicineEntry) -> str:
    told = [
        entry.route,
        _taken(entry),
        f"{entry.daily_dose_mg.normalize():f} mg a day" if entry.daily_dose_mg else "",
        f"since {date_words(entry.started_on, DAY)}" if entry.started_on else "",
        f"dose raised {date_words(entry.raised_on, DAY)}" if entry.raised_on else "",
        f"checked as {entry.same_as}" if entry.same_as else "",
        "checked by hand: no interaction" if entry.checked == CheckedAs.NO_INTERACTION else "",
    ]
    return ", ".join(filter(None, told))


def _taken(entry: MedicineEntry) -> str:
    if entry.last_taken_h is None:
        return ""
    when = date_words(timezone.localtime(entry.observed_at), "M j, Y, H:i")
    return f"last taken {entry.last_taken_h.normalize():f} hours before {when}"


def _course(entry: DrugTrial) -> str:
    weeks = entry.adequate_dose_weeks
    told = [
        entry.max_dose,
        "" if weeks is None else f"{weeks.normalize():f} weeks at an adequate dose",
        "" if entry.response_pct is None else f"{entry.response_pct}% better",
        entry.stopped_because,
        {True: "adequate", False: "not adequate", None: "adequacy not known"}[entry.adequate],
    ]
    return ", ".join(filter(None, told))
