"""Course of care: the steps so far, and where it goes next."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinic.episodes import queries as episodes
from clinic.episodes.models import Episode, EpisodeStep
from clinic.people import access
from clinic.people.gate import ClinicRequest
from clinic.planning import actions
from clinic.planning.actions import care as moves
from clinic.planning.care_form import MoveForm
from clinic.planning.forms import add_problem
from kapstone import pathway
from kapstone.errors import KapstoneError

WAY = (
    pathway.Episode.REFERRED,
    pathway.Episode.SCREENING,
    pathway.Episode.ELIGIBLE,
    pathway.Episode.PLANNED,
    pathway.Episode.CONSENTED,
    pathway.Episode.PREPARED,
    pathway.Episode.IN_SERIES,
    pathway.Episode.MAINTENANCE,
    pathway.Episode.COMPLETED,
)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage on the strip. state: done, now or ahead."""

    words: str
    state: str


@require_safe
def care(request: ClinicRequest) -> HttpResponse:
    """How far care has come, who took each step, and the steps that a word can take."""
    return _page(request)


@require_POST
def move(request: ClinicRequest) -> HttpResponse:
    """One such step."""
    episode = episodes.open_episode(request.patient)
    if episode is None:
        messages.error(request, "No episode of care is open: it has ended already.")
        return redirect("planning:care", patient_id=request.patient.pk)
    form = MoveForm(request.patient, _ways(request, episode), request.POST)
    if not form.is_valid():
        return _page(request, form)
    to = pathway.Episode(form.cleaned_data["to"])
    try:
        actions.move_care(
            episode=episode,
            to=to,
            words=form.cleaned_data["words"],
            judges=_judges(request),
            by=request.user,
            at=timezone.now(),
        )
    except KapstoneError as error:
        add_problem(form, error)
        return _page(request, form)
    messages.success(request, f"Care is now: {to}.")
    return redirect("planning:care", patient_id=request.patient.pk)


def _judges(request: ClinicRequest) -> bool:
    return access.may(request.actor, "clear", request.patient)


def _ways(request: ClinicRequest, episode: Episode) -> list[pathway.Episode]:
    if not access.may(request.actor, "move_care", request.patient):
        return []
    return moves.open_ways(episode, judges=_judges(request))


def _page(request: ClinicRequest, form: MoveForm | None = None) -> HttpResponse:
    patient, now = request.patient, timezone.now()
    episode = patient.episodes.order_by("-opened_at").first()
    shown: dict[str, object] = {"patient": patient, "now": now, "episode": episode}
    if episode is not None:
        steps = list(episode.steps.select_related("by").order_by("at", "pk"))
        ways = _ways(request, episode) if episode.ended_at is None else []
        shown |= {
            "steps": steps[::-1],
            "stages": strip(pathway.Episode(episode.stage), steps),
            "earlier": patient.episodes.exclude(pk=episode.pk).order_by("-opened_at"),
            "form": form or (MoveForm(patient, ways) if ways else None),
            "judges": _judges(request),
        }
    return render(request, "planning/care.html", shown)


def strip(stage: pathway.Episode, steps: list[EpisodeStep]) -> list[Stage]:
    """The way through care: what is behind, where it stands, and what an open one has ahead."""
    passed = {step.after for step in steps}
    done = [Stage(str(each), "done") for each in WAY if each in passed and each != stage]
    here = Stage(str(stage), "now")
    if stage not in WAY:
        return [*done, here]
    at = WAY.index(stage)
    before = [one for one in done if WAY.index(pathway.Episode(one.words)) < at]
    return [*before, here, *(Stage(str(each), "ahead") for each in WAY[at + 1 :])]
