"""Writes about touch: what is agreed, what is taken back, and how it was (TCH-01 to TCH-06)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from clinic.alerts.actions import Cause, raise_alert
from clinic.episodes import queries as episode_queries
from clinic.people import audit
from clinic.people.models import Patient, StaffMember, User
from clinic.planning import consenting
from clinic.therapy import incidents, queries
from clinic.therapy.models import (
    AllowedTouch,
    DrugActs,
    Touch,
    TouchAgreement,
    TouchAsked,
    WornOff,
)
from kapstone.errors import InvalidInput, KapstoneError
from kapstone.risk import AlertLevel

# Nothing new is agreed on the day of a dose, once it was given. Source: protocol TCH-03, mark P.
DOSE_DAY = timedelta(hours=24)
CONCERN = Cause(
    "touch.concern",
    AlertLevel.URGENT,
    "A concern about touch was told after a dose. An incident is open: name somebody who had no "
    "part in it to review it.",
)
_TERMS = ("wishes_who", "over_clothing", "longest_s", "position", "manner")


class TouchRefused(KapstoneError):
    """More touch than was agreed cannot be allowed now."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """One touch by one member of staff."""

    touch: Touch
    staff: StaffMember


@transaction.atomic
def narrow_touch(
    *, patient: Patient, keep: Iterable[Allowed], by: User, at: datetime
) -> TouchAgreement:
    """Allow less than before, or nothing. Possible at every moment, in every state.

    Raises `TouchRefused` where `keep` holds what was not allowed before.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)
    before, wanted = queries.touch_agreement(patient), _pairs(keep)
    after = TouchAgreement(patient=patient, replaces=before, by=by, agreed_at=at)
    after.sober = before is None
    if before is None:
        if wanted:
            raise TouchRefused("Nothing was agreed before, so nothing can be kept.")
    elif wanted - _held(before):
        raise TouchRefused("This allows more than was agreed. It can only be made less here.")
    elif wanted:
        for name in _TERMS:
            setattr(after, name, getattr(before, name))
    return _agree(after, wanted)


@transaction.atomic
def widen_touch(
    *, agreement: TouchAgreement, allowed: Iterable[Allowed], by: User, at: datetime
) -> TouchAgreement:
    """A touch agreement, talked through, rehearsed sober and signed. `agreement` is not saved yet.

    Raises `TouchRefused` while a drug acts, on the day of a dose, or where nobody confirms that
    the person was sober (TCH-03); `InvalidInput` where the name is not the person's.
    """
    patient = agreement.patient
    Patient.objects.select_for_update().get(pk=patient.pk)
    if queries.drug_acts(patient):
        raise TouchRefused("A dose was given and the person has not left: only less touch now.")
    if any(
        at - DOSE_DAY < (dose.ended_at or dose.started_at) <= at
        for dose in episode_queries.given_doses(patient)
    ):
        raise TouchRefused("A dose was given in the last 24 hours: touch can only be made less.")
    if not agreement.sober:
        raise TouchRefused("Touch is agreed sober, and rehearsed sober, or not at all.")
    if not consenting.is_name_of(agreement.signed_name, patient):
        problem = "is not the name on this record."
        raise InvalidInput("signed_name", problem, "The person types given and family name.")
    agreement.replaces = queries.touch_agreement(patient)
    agreement.by, agreement.agreed_at = by, at
    return _agree(agreement, _pairs(allowed))


def _agree(agreement: TouchAgreement, pairs: set[tuple[str, int]]) -> TouchAgreement:
    agreement.touch_count = len(pairs)
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


def dose_begun(*, patient: Patient, session_id: UUID, at: datetime) -> None:
    """From now until the person leaves, the database takes no wider agreement. Told by dosing."""
    DrugActs.objects.get_or_create(
        session_id=session_id, defaults={"patient": patient, "since": at}
    )


def person_left(*, session_id: UUID, at: datetime) -> None:
    """The session is over. Told by dosing."""
    acts = DrugActs.objects.filter(session_id=session_id, worn_off__isnull=True).first()
    if acts is not None:
        WornOff.objects.create(acts=acts, at=at)


@transaction.atomic
def record_asked(*, asked: TouchAsked, by: User, at: datetime) -> TouchAsked:
    """How touch was, asked by somebody who could not have touched the person.

    A concern raises an alert and opens an incident.

    Raises `InvalidInput` where the asker may touch them, or a concern has no words.
    """
    if queries.may_touch(asked.patient, by):
        problem = "is named in the person's touch agreement."
        raise InvalidInput("by", problem, "Somebody else asks (TCH-06).")
    if asked.concern and not asked.words.strip():
        raise InvalidInput("words", "is empty.", "Write what they said, in their own words.")
    asked.by, asked.at = by, at
    asked.save(force_insert=True)
    if asked.concern:
        incidents.open_for(asked)
        raise_alert(CONCERN, patient=asked.patient, subject=asked, by=by, at=at)
    audit.record(
        "ask_about_touch", by=by, at=at, patient=asked.patient, subject=asked, concern=asked.concern
    )
    return asked
