"""One person's series as the core judges it, or many at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias, TypedDict
from uuid import UUID

from django.db.models import (
    Manager,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django_stubs_ext import WithAnnotations

from clinic.episodes.models import Episode, EpisodeStep, GivenDose, Series, SeriesDecision
from clinic.measures import trend
from clinic.measures.models import QuestionnaireResponse
from clinic.people.models import Patient
from clinic.people.worded import worded_once
from clinic.planning.models import Plan
from kapstone import instruments, outcome, pathway, series
from kapstone.dose.treatment import treatment
from kapstone.series import Course, Decided, Reading, Standing

GOING_ON = (pathway.Episode.IN_SERIES, pathway.Episode.PAUSED, pathway.Episode.MAINTENANCE)
_MAINTENANCE = str(pathway.Episode.MAINTENANCE)
_CLOSER = SeriesDecision.Choice.CLOSER


class _Since(TypedDict):
    begun_at: datetime | None
    maintained_at: datetime | None


_Going: TypeAlias = "WithAnnotations[Episode, _Since]"


@dataclass(frozen=True, slots=True)
class Held:
    """An open episode with its series so far. plan: the newest version, if there is one."""

    episode: Episode
    plan: Plan | None
    course: Course
    decisions: tuple[SeriesDecision, ...]

    @property
    def allowances(self) -> tuple[SeriesDecision, ...]:
        """What a prescriber allowed since the last dose: one booking closer or more often."""
        last = self.course.doses[-1] if self.course.doses else self.episode.opened_at
        return tuple(each for each in self.decisions if each.choice == _CLOSER and each.at >= last)


def of(patient: Patient, *, but: UUID | None = None) -> Held | None:
    """The series of the open episode; None where none is open. but: a session left out of it."""
    found = read(Episode.objects.filter(patient=patient, ended_at__isnull=True), but)
    return next(iter(_with_scores(found)), None)


def waits(patient: Patient, now: datetime) -> tuple[Standing, ...]:
    """What of this person's series waits for a prescriber; what holds it is asked apart."""
    found = waiting(_filled(_open_of(patient.pk)), now)
    return found[0][1] if found else ()


@worded_once
def _open_of(patient_id: UUID) -> QuerySet[_Going]:
    return _begun(Episode.objects.filter(patient=patient_id, ended_at__isnull=True))


def waiting(found: Sequence[Held], now: datetime) -> list[tuple[Held, tuple[Standing, ...]]]:
    """What waits, of whom anything does.

    A score only ever lifts what waits, so scores are read for those who wait without any.
    """
    suspects = [held for held in found if _waits(held, now)]
    judged = [(held, _waits(held, now)) for held in _with_scores(suspects)]
    return [(held, states) for held, states in judged if states]


def _waits(held: Held, now: datetime) -> tuple[Standing, ...]:
    states = series.standings(held.course, now)
    return tuple(each for each in states if each.state is series.State.WAITS)


def read(episodes: QuerySet[Episode], but: UUID | None = None) -> list[Held]:
    """Each episode with its series, without scores. but: a session left out of it."""
    return _filled(list(_begun(episodes)), but)


def _begun(episodes: QuerySet[Episode]) -> QuerySet[_Going]:
    """With the moments at which its last series and its maintenance began."""
    return episodes.select_related("patient").annotate(
        begun_at=_last(Series.objects, "opened_at"),
        maintained_at=_last(EpisodeStep.objects.filter(after=_MAINTENANCE), "at"),
    )


def _filled(rows: list[_Going], but: UUID | None = None) -> list[Held]:
    given = GivenDose.objects.filter(replaced_by__isnull=True).order_by("started_at")
    given = given.exclude(session_id=but) if but else given
    plans = Plan.objects.filter(replaced_by__isnull=True)
    decided = SeriesDecision.objects.select_related("by")
    kept = (Prefetch("doses", given), Prefetch("plans", plans), Prefetch("decisions", decided))
    prefetch_related_objects(rows, *kept)
    return [_held(episode) for episode in rows]


def _last(rows: "QuerySet[Any] | Manager[Any]", when: str) -> Subquery:
    """The last moment among an episode's rows."""
    return Subquery(rows.filter(episode=OuterRef("pk")).order_by(f"-{when}").values(when)[:1])


def _held(episode: _Going) -> Held:
    begun = episode.begun_at or episode.opened_at
    decisions = sorted(episode.decisions.all(), key=lambda each: each.at)
    course = Course(
        doses=tuple(dose.started_at for dose in episode.doses.all() if dose.started_at >= begun),
        decisions=tuple(
            Decided(each.at, frozenset(each.keys)) for each in decisions if each.choice != _CLOSER
        ),
        maintenance_since=(
            episode.maintained_at or episode.opened_at if episode.stage == _MAINTENANCE else None
        ),
    )
    return Held(episode, next(iter(episode.plans.all()), None), course, tuple(decisions))


def _with_scores(found: Sequence[Held]) -> list[Held]:
    """The same with the scores of the questionnaire that matches what each plan treats."""
    known = [held for held in found if held.plan is not None and held.course.doses]
    named = {name for held in known for name in _matching(held)}
    rows: dict[tuple[UUID, str], list[QuestionnaireResponse]] = defaultdict(list)
    answered = QuestionnaireResponse.objects.filter(
        patient__in=[held.episode.patient_id for held in known],
        instrument__in=named,
        replaced_by__isnull=True,
    )
    for row in answered.order_by("observed_at", "recorded_at") if known else ():
        rows[row.patient_id, row.instrument].append(row)
    return [replace(held, course=_scored(held, rows)) for held in found]


def _matching(held: Held) -> tuple[str, ...]:
    return treatment().indication(held.plan.indication_id).baseline if held.plan else ()


def _scored(held: Held, rows: dict[tuple[UUID, str], list[QuestionnaireResponse]]) -> Course:
    """By the first matching questionnaire that has a score from before the first dose."""
    if not held.course.doses:
        return held.course
    first = held.course.doses[0]
    for name in _matching(held):
        instrument = instruments.load(name)
        scored = [
            (row.observed_at, trend.score_of(instrument, row))
            for row in rows.get((held.episode.patient_id, name), ())
        ]
        before = [total for at, total in scored if at < first and total is not None]
        if before:
            readings = tuple(
                Reading(
                    at,
                    outcome.compare(instrument, before[-1], total).reduction_pct,
                    instrument.recall_days or 0,
                )
                for at, total in scored
                if at >= first
            )
            return replace(held.course, readings=readings)
    return held.course
