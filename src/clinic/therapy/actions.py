"""Writes: one function an event, each with its audit row."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from clinic.alerts.actions import Cause, raise_alert
from clinic.episodes import actions as episodes
from clinic.episodes import queries as episode_queries
from clinic.episodes.models import Episode
from clinic.people import audit
from clinic.people.models import Patient, User
from clinic.therapy import queries
from clinic.therapy.models import (
    DangerTold,
    Debrief,
    IntegrationVisit,
    Intention,
    Outcome,
    Preparation,
)
from kapstone import pathway
from kapstone.errors import InvalidInput
from kapstone.risk import AlertLevel

# The words stay in the chart: a message may lie open on a telephone.
DANGER = Cause(
    "therapy.danger",
    AlertLevel.IMMEDIATE,
    "Somebody who treats this person tells of a danger. Read it in the chart, under Therapy.",
)


@transaction.atomic
def record_preparation(*, preparation: Preparation, by: User, at: datetime) -> Preparation:
    """A preparation visit took place. It holds from now on; the visits before stay on record."""
    preparation.by, preparation.recorded_at = by, at
    preparation.full_clean(exclude=["id"])
    preparation.save(force_insert=True)
    audit.record(
        "record_preparation", by=by, at=at, patient=preparation.patient, subject=preparation
    )
    return preparation


@transaction.atomic
def intend(*, patient: Patient, text: str, by: User, at: datetime) -> Intention:
    """A person writes what they come with, or takes it back with nothing."""
    said = Intention.objects.create(patient=patient, text=text, at=at, by=by)
    audit.record("write_intention", by=by, at=at, patient=patient, subject=said)
    return said


@transaction.atomic
def complete_preparation(*, patient: Patient, by: User, at: datetime) -> Episode:
    """Preparation is complete: the episode moves from consented to prepared.

    Raises `NeedMissing` where consent or a preparation visit lacks, `ForbiddenStep` where the
    episode stands elsewhere, `InvalidInput` where none is open.
    """
    episode = episode_queries.open_episode(patient)
    if episode is None:
        raise InvalidInput("episode", "none is open for this person.", "Open one first.")
    have = queries.on_record(patient, at)
    return episodes.advance(episode=episode, to=pathway.Episode.PREPARED, have=have, by=by, at=at)


@transaction.atomic
def record_debrief(
    *, patient: Patient, session_id: UUID, text: str, by: User, at: datetime
) -> Debrief:
    """What the person says before they leave. Asked for, never waited for."""
    if not text.strip():
        raise InvalidInput("text", "is empty.", "Write a few words, or record no debrief.")
    debrief = Debrief.objects.create(
        patient=patient, session_id=session_id, text=text, by=by, at=at
    )
    audit.record("record_debrief", by=by, at=at, patient=patient, subject=debrief)
    return debrief


@transaction.atomic
def tell_danger(*, patient: Patient, words: str, by: User, at: datetime) -> DangerTold:
    """A danger to the person or to somebody else: into the chart, and to whoever is on call.

    Raises `InvalidInput` where there are no words.
    """
    if not words.strip():
        raise InvalidInput("words", "is empty.", "Write what you know, for whoever has to act.")
    told = DangerTold.objects.create(patient=patient, words=words.strip(), by=by, at=at)
    raise_alert(DANGER, patient=patient, subject=told, by=by, at=at)
    audit.record("tell_danger", by=by, at=at, patient=patient, subject=told)
    return told


@transaction.atomic
def record_integration(*, visit: IntegrationVisit, by: User, at: datetime) -> IntegrationVisit:
    """An integration visit was held, cancelled or missed; `visit.replaces` corrects an earlier one.

    Raises
    ------
    ValidationError
        naming the field that is wrong.
    InvalidInput
        where it was held while a drug acted on the person: what is said then is part of the
        session, and nobody integrates while intoxicated (THX-R2). Late is warned of, never refused.
    """
    attended = visit.outcome == Outcome.ATTENDED
    if attended and queries.drug_acted(visit.patient, visit.held_at):
        raise InvalidInput(
            "held_at",
            "was during a session that the person has not left yet.",
            "Chart it in that session, or record the visit after they were let go.",
        )
    visit.by, visit.recorded_at = by, at
    visit.full_clean(exclude=["id"])
    visit.save(force_insert=True)
    audit.record(
        "record_integration",
        by=by,
        at=at,
        patient=visit.patient,
        subject=visit,
        outcome=visit.outcome,
    )
    return visit
