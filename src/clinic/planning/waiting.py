"""Whose series waits for a prescriber or is held, of many people at once, for Today.

The same number of queries for ten people as for ten thousand. The database leaves out those of whom
nothing can wait; the core judges the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThanOrEqual

from clinic.episodes.models import Episode, EpisodeStep, GivenDose, Series, SeriesDecision
from clinic.intake import queries as intake
from clinic.people import queries as people
from clinic.people.models import Patient
from clinic.planning import course, holding
from clinic.planning.course import Held
from clinic.planning.some import Some, first
from kapstone import pathway, series
from kapstone.findings import Finding
from kapstone.series import Evaluation, Hold, Standing

NAMED = ("family_name", "given_name")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whose series waits, on what, what holds it, and which prescribers of the team decide."""

    patient: Patient
    standings: tuple[Standing, ...]
    holds: tuple[Hold, ...]
    owners: tuple[str, ...]


def everywhere(of: QuerySet[Patient], now: datetime, most: int | None = None) -> Some[Waiting]:
    """Those of these people whose series waits for a prescriber or is held, by name."""
    stages = [str(stage) for stage in course.GOING_ON]
    theirs = Exists(of.filter(pk=OuterRef("patient")))
    episodes = Episode.objects.filter(theirs, ended_at=None, stage__in=stages)
    lapsed, said = intake.lapsed_upon(now), holding.said_of(episodes.values("patient"))
    findings = {key: found for key, found in lapsed.items() if series.held(found)}
    suspects = episodes.filter(_may_wait(now) | Q(patient__in=[*findings, *said]))

    def judge(rows: QuerySet[Episode]) -> list[Waiting]:
        held = course.read(rows)
        waits = {each.episode.pk: states for each, states in course.waiting(held, now)}
        holds = {each.episode.pk: _holds(each, findings, said) for each in held}
        kept = [
            each.episode for each in held if waits.get(each.episode.pk) or holds[each.episode.pk]
        ]
        owners = people.prescribers([each.patient_id for each in kept], now)
        return [
            Waiting(
                each.patient,
                waits.get(each.pk, ()),
                holds[each.pk],
                owners.get(each.patient_id, ()),
            )
            for each in sorted(kept, key=_by_name)
        ]

    return first(most, suspects.order_by(*(f"patient__{each}" for each in NAMED)), judge)


def _holds(
    held: Held, findings: Mapping[UUID, list[Finding]], said: Mapping[UUID, list[str]]
) -> tuple[Hold, ...]:
    key = held.episode.patient_id
    return holding.by(held, findings.get(key, ()), said.get(key, ()))


def _by_name(episode: Episode) -> list[str]:
    return [getattr(episode.patient, each) for each in NAMED]


def _may_wait(now: datetime) -> Q:
    """Where any evaluation has come and no decision on it counts: never less than what waits."""
    found, maintained = Q(pk__in=[]), str(pathway.Episode.MAINTENANCE)
    begun = Series.objects.filter(episode=OuterRef("episode"))
    for row in series.rows_of(""):
        decided = Q(_decided(row, now, _last(begun, "opened_at")))
        found |= ~Q(stage=maintained) & _come(row, now) & ~decided
    steps = EpisodeStep.objects.filter(episode=OuterRef("episode"), after=maintained)
    for row in series.rows_of(maintained):
        decided = Q(_decided(row, now, _last(steps, "at")))
        found |= Q(stage=maintained) & _come(row, now) & ~decided
    return found


def _come(row: Evaluation, now: datetime) -> Q:
    """So many doses were given, or the phase began so many days back."""
    doses = GivenDose.objects.filter(episode=OuterRef("pk"), replaced_by=None)
    given = Subquery(doses.values("episode").annotate(given=Count("pk")).values("given"))
    steps = EpisodeStep.objects.filter(episode=OuterRef("pk"), after=row.phase)
    found = Q(pk__in=[])
    if row.after_doses:
        found |= Q(GreaterThanOrEqual(given, row.after_doses[0]))
    if row.before_dose_number is not None:
        found |= Q(GreaterThanOrEqual(given, row.before_dose_number - 1))
    if (days := row.every_days or row.day) is not None:
        until = now - timedelta(days=days)
        begun = steps.filter(at__lte=until) if row.phase else doses.filter(started_at__lte=until)
        found |= Q(Exists(begun))
    return found


def _decided(row: Evaluation, now: datetime, since: Subquery) -> Exists:
    """A decision on it that may still count: of this phase, and newer than the last dose or than
    the days it holds for.
    """
    rows = SeriesDecision.objects.filter(episode=OuterRef("pk"))
    rows = rows.annotate(named=Cast("keys", TextField())).filter(named__contains=f'"{row.key}"')
    if row.after_doses:
        doses = GivenDose.objects.filter(episode=OuterRef("episode"), replaced_by=None)
        rows = rows.filter(at__gte=_last(doses, "started_at"))
    if row.every_days:
        return Exists(rows.filter(at__gt=now - timedelta(days=row.every_days)))
    return Exists(rows.filter(at__gte=since))


def _last(rows: "QuerySet[Any]", when: str) -> Subquery:
    return Subquery(rows.order_by(f"-{when}").values(when)[:1])
