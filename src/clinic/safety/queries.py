"""Reads about safety plans."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from clinic.people.models import Patient
from clinic.safety.models import SafetyPlan


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it is shown: its words, and what was said."""

    name: str
    heading: StrPromise
    help: str


STEPS = (
    Step(
        "warning_signs", _("How I notice that a bad time is coming"), "Thoughts, feelings, habits"
    ),
    Step("own_coping", _("What I can do by myself"), "Without asking anybody"),
    Step("distraction", _("People and places that take my mind off it"), "Without talking of it"),
    Step("people_to_ask", _("Whom I ask for help"), "Name and number, one a line"),
    Step("professionals", _("Professionals and lines I call"), "Name and number, one a line"),
)
SURROUNDINGS = _("Making the place where I am safer")
REASONS = _("What I live for")


def plans(patient: Patient) -> QuerySet[SafetyPlan]:
    """All versions, the newest first."""
    rows = SafetyPlan.objects.filter(patient=patient).select_related("made_by")
    return rows.prefetch_related("surroundings").order_by("-version")


def kept_since(patient: Patient, since: datetime) -> bool:
    """Whether a plan was made or gone through since a moment."""
    return SafetyPlan.objects.filter(patient=patient, made_at__gte=since).exists()


def shown(plan: SafetyPlan | None) -> Iterator[tuple[Step, list[str]]]:
    """The first five steps, each with its lines; none for a step nobody talked about."""
    for step in STEPS:
        said = getattr(plan, step.name, "")
        yield step, [line.strip() for line in said.splitlines() if line.strip()]
