"""Writes: one function an event, each with its audit row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from clinic.episodes import actions as episodes
from clinic.episodes import queries as episode_queries
from clinic.episodes.models import Episode
from clinic.people import audit
from clinic.people.models import Patient, StaffMember, User
from clinic.therapy import queries
from clinic.therapy.models import (
    AllowedTouch,
    Debrief,
    IntegrationVisit,
    Preparation,
    Touch,
    TouchAgreement,
)
from clinic.therapy.phase import UNDER_EFFECT
from kapstone import pathway
from kapstone.errors import InvalidInput, KapstoneError

# Nothing new is agreed on the day of a dose, once it was given. Source: protocol TCH-03, mark P.
DOSE_DAY = timedelta(hours=24)


class TouchRefused(KapstoneError):
    """More touch than was agreed cannot be allowed now."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """One touch by one member of staff."""

    touch: Touch
    staff: StaffMember


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
def narrow_touch(
    *, patient: Patient, keep: Iterable[Allowed], by: User, at: datetime
) -> TouchAgreement:
    """Allow less than before, or nothing. Possible at every moment, in every state.

    Raises `TouchRefused` where `keep` holds what was not allowed before.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)
    before, wanted = queries.touch_agreement(patient), _pairs(keep)
    if before is None:
        if wanted:
            raise TouchRefused("Nothing was agreed before, so nothing can be kept.")
        return _agree(_agreement(patient, None, by, at), wanted)
    if wanted - _held(before):
        raise TouchRefused("This allows more than was agreed. It can only be made less here.")
    after = _agreement(patient, before, by, at)
    after.sober, after.manner = False, before.manner if wanted else ""
    return _agree(after, wanted)


@transaction.atomic
def widen_touch(
    *,
    agreement: TouchAgreement,
    allowed: Iterable[Allowed],
    phase: pathway.Session | None,
    by: User,
    at: datetime,
) -> TouchAgreement:
    """A touch agreement, talked through and rehearsed sober. `agreement` is not saved yet.

    `phase`: where the person's session stands, from `clinic.therapy.phase`.
    Raises `TouchRefused` while a drug acts, on the day of a dose, or where nobody confirms that
    the person was sober (TCH-03).
    """
    patient = agreement.patient
    Patient.objects.select_for_update().get(pk=patient.pk)
    if phase in UNDER_EFFECT:
        raise TouchRefused(f"The session is at {phase}: touch can only be made less now.")
    if any(
        at - DOSE_DAY < (dose.ended_at or dose.started_at) <= at
        for dose in episode_queries.given_doses(patient)
    ):
        raise TouchRefused("A dose was given in the last 24 hours: touch can only be made less.")
    if not agreement.sober:
        raise TouchRefused("Touch is agreed sober, and rehearsed sober, or not at all.")
    before = queries.touch_agreement(patient)
    agreement.replaces, agreement.by, agreement.agreed_at = before, by, at
    return _agree(agreement, _pairs(allowed))


def _agreement(
    patient: Patient, before: TouchAgreement | None, by: User, at: datetime
) -> TouchAgreement:
    return TouchAgreement(patient=patient, replaces=before, by=by, agreed_at=at, sober=True)


def _agree(agreement: TouchAgreement, pairs: set[tuple[str, int]]) -> TouchAgreement:
    agreement.save(force_insert=True)
    AllowedTouch.objects.bulk_create(
        AllowedTouch(agreement=agreement, touch=touch, staff_id=staff_id)
        for touch, staff_id in sorted(pairs)
    )
    audit.record(
        "agree_touch",
        by=agreement.by,
        at=agreement.agreed_at,
        patient=agreement.patient,
        subject=agreement,
        touches=len(pairs),
    )
    return agreement


def _pairs(allowed: Iterable[Allowed]) -> set[tuple[str, int]]:
    return {(str(each.touch), each.staff.pk) for each in allowed}


def _held(agreement: TouchAgreement) -> set[tuple[str, int]]:
    return set(agreement.allowed.values_list("touch", "staff_id"))


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
def record_integration(*, visit: IntegrationVisit, by: User, at: datetime) -> IntegrationVisit:
    """An integration visit was held, cancelled or missed; `visit.replaces` corrects an earlier one.

    Raises
    ------
    ValidationError
        naming the field that is wrong.
    """
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
