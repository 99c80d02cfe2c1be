"""Writes about an episode of care: one function an event, each with its audit row."""

from collections.abc import Set
from datetime import datetime

from django.db import transaction

from clinic.alerts import contacts
from clinic.episodes import course, following
from clinic.episodes.models import Episode, EpisodeStep, GivenDose, Series, SeriesDecision
from clinic.people import audit
from clinic.people.models import Patient, User
from kapstone import pathway
from kapstone.errors import KapstoneError
from kapstone.pathway import Need


class NeedMissing(KapstoneError):
    """A step was asked for without what must be on record before it."""

    def __init__(self, after: pathway.Episode, missing: Set[Need]) -> None:
        self.missing = missing
        super().__init__(f"Before {after}: " + "; ".join(sorted(missing)) + ".")


@transaction.atomic
def open_episode(*, patient: Patient, by: User | None, at: datetime) -> Episode:
    """A person is referred, or asks for care themselves. An open episode is returned as it is."""
    known = Episode.objects.filter(patient=patient, ended_at__isnull=True).first()
    if known is not None:
        return known
    episode = Episode.objects.create(
        patient=patient, stage=str(pathway.Episode.REFERRED), opened_at=at
    )
    EpisodeStep.objects.create(episode=episode, after=episode.stage, at=at, by=by)
    audit.record("open_episode", by=by, at=at, patient=patient, subject=episode)
    course.changed(episode, by, at)
    return episode


@transaction.atomic
def advance(
    *,
    episode: Episode,
    to: pathway.Episode,
    have: Set[Need],
    by: User | None,
    at: datetime,
    reason: str = "",
) -> Episode:
    """Move an episode to another stage. `have`: what the calling room found on record.

    Raises `ForbiddenStep` where no such step exists and `NeedMissing` where something lacks.
    """
    locked = Episode.objects.select_for_update().get(pk=episode.pk)
    needs = pathway.step(pathway.Episode(locked.stage), to)
    missing = needs - have - ({Need.REASON} if reason else set())
    if missing:
        raise NeedMissing(to, missing)
    EpisodeStep.objects.create(
        episode=locked, before=locked.stage, after=str(to), at=at, by=by, reason=reason
    )
    locked.stage = str(to)
    locked.ended_at = None if pathway.allowed(to) else at
    locked.save(update_fields=["stage", "ended_at"])
    audit.record(
        "advance_episode", by=by, at=at, patient=locked.patient, subject=locked, stage=str(to)
    )
    if to is pathway.Episode.DIED:
        contacts.end(locked.patient, by=by, at=at)
    following.stage_changed(locked)
    course.changed(locked, by, at)
    return locked


@transaction.atomic
def open_series(*, episode: Episode, planned_doses: int, by: User | None, at: datetime) -> Series:
    """A course of sessions is ordered."""
    series = Series.objects.create(
        episode=episode,
        status=str(pathway.Series.ORDERED),
        planned_doses=planned_doses,
        opened_at=at,
    )
    audit.record("open_series", by=by, at=at, patient=episode.patient, subject=series)
    course.changed(episode, by, at)
    return series


@transaction.atomic
def record_given_dose(
    *, dose: GivenDose, by: User | None, at: datetime, replaces: GivenDose | None = None
) -> GivenDose:
    """A dose was given: charted as it happened, by the session, whatever was planned."""
    dose.recorded_at = at
    dose.replaces = replaces
    dose.save(force_insert=True)
    audit.record("record_given_dose", by=by, at=at, patient=dose.episode.patient, subject=dose)
    following.dose_given(dose.episode)
    course.changed(dose.episode, by, at)
    return dose


@transaction.atomic
def take_back_dose(*, dose: GivenDose, by: User | None, at: datetime) -> None:
    """It was charted in error and none was given. The row stays, and another says so."""
    row = GivenDose(
        episode=dose.episode,
        session_id=dose.session_id,
        product=dose.product,
        route=dose.route,
        dose_mg=dose.dose_mg,
        started_at=dose.started_at,
        ended_at=dose.ended_at,
        taken_back=True,
        recorded_at=at,
        replaces=dose,
    )
    row.save(force_insert=True)
    audit.record("take_back_dose", by=by, at=at, patient=dose.episode.patient, subject=row)
    course.changed(dose.episode, by, at)


@transaction.atomic
def record_decision(*, decision: SeriesDecision, by: User, at: datetime) -> SeriesDecision:
    """A prescriber decided on a series. What follows from it, the calling room does."""
    decision.by, decision.at = by, at
    decision.save(force_insert=True)
    audit.record(
        "decide_series",
        by=by,
        at=at,
        patient=decision.episode.patient,
        subject=decision,
        choice=decision.choice,
    )
    return decision
