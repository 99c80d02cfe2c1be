"""Reads about questionnaires."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet

from clinic.measures.models import Assignment, Helper, QuestionnaireResponse, RedeemTry
from clinic.people.models import Patient
from clinic.people.models.patients import Sex
from clinic.people.worded import worded_once
from kapstone.instruments import Instrument

SCREENERS = ("cssrs_screener", "cssrs_slc")
WRONG_TRIES = 5


class LinkState(StrEnum):
    """Whether a link still opens anything."""

    OPEN = "open"
    ANSWERED = "answered"
    CANCELLED = "cancelled"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    LOCKED = "locked"


def link_state(assignment: Assignment, at: datetime) -> LinkState:
    """What became of a link."""
    if _answered(assignment.pk):
        return LinkState.ANSWERED
    if assignment.cancelled_at is not None:
        return LinkState.CANCELLED
    if at < assignment.opens_at:
        return LinkState.NOT_YET
    if at >= assignment.closes_at:
        return LinkState.CLOSED
    if len(_wrong_tries(assignment.pk, assignment.link_made_at)) >= WRONG_TRIES:
        return LinkState.LOCKED
    return LinkState.OPEN


@worded_once
def _answered(assignment_id: UUID) -> "QuerySet[QuestionnaireResponse, UUID]":
    rows = QuestionnaireResponse.objects.filter(assignment=assignment_id)
    return rows.values_list("pk", flat=True)


@worded_once
def _wrong_tries(assignment_id: UUID, since: datetime) -> "QuerySet[RedeemTry, int]":
    rows = RedeemTry.objects.filter(assignment=assignment_id, right=False, at__gte=since)
    return rows.values_list("pk", flat=True)


@worded_once
def locked(assignment_id: UUID) -> QuerySet[Assignment]:
    """The assignment, held until the transaction ends: two tabs of one link take turns."""
    return Assignment.objects.select_for_update().filter(pk=assignment_id)


def latest_answers(assignment: Assignment) -> dict[str, int]:
    """The last answer to each item; skipped items are absent."""
    rows = assignment.answers.order_by("pk").values_list("item", "value")
    return {item: value for item, value in dict(rows).items() if value is not None}


def answered(assignment: Assignment) -> dict[str, str]:
    """The last answer to each item as a form has it; a skipped item too."""
    rows = assignment.answers.order_by("pk").values_list("item", "value")
    return {item: "skip" if value is None else str(value) for item, value in dict(rows).items()}


def helper_of(response: QuestionnaireResponse) -> Helper | None:
    """Who answered with or for the person when this was sent; None where it was they alone."""
    return helpers(response.patient).get(response.assignment_id)


def helpers(patient: Patient) -> dict[UUID | None, Helper]:
    """By assignment: whose hand it was in the last visit, where it was not the person's own."""
    found: dict[UUID | None, Helper] = {}
    visits = RedeemTry.objects.filter(assignment__patient=patient, right=True)
    for visit in visits.select_related("helper").order_by("at", "pk"):
        found.pop(visit.assignment_id, None)
        if hasattr(visit, "helper"):
            found[visit.assignment_id] = visit.helper
    return found


def open_assignments(patient: Patient, at: datetime) -> QuerySet[Assignment]:
    """What a person has been asked and has not answered yet."""
    return _open(patient.pk, at)


def _open(patient_id: UUID, at: datetime) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(patient=patient_id, response__isnull=True, cancelled_at=None)
    return rows.filter(opens_at__lte=at, closes_at__gt=at).order_by("closes_at")


_open_now = worded_once(_open)


def waiting(patient: Patient, at: datetime) -> list[tuple[Assignment, LinkState]]:
    """What a person has been asked and has not sent, each with what its link still opens."""
    return [(each, link_state(each, at)) for each in _open_now(patient.pk, at)]


def before(response: QuestionnaireResponse) -> QuestionnaireResponse | None:
    """The last that stands of the same instrument, answered before this one."""
    itself = response.replaces_id or response.pk
    earlier = _before(response.patient_id, response.instrument, response.observed_at, itself)
    return next(iter(earlier), None)


@worded_once
def _before(
    patient_id: UUID, instrument: str, observed_at: datetime, itself: UUID
) -> QuerySet[QuestionnaireResponse]:
    earlier = QuestionnaireResponse.objects.filter(
        ~Q(pk=itself),
        patient=patient_id,
        instrument=instrument,
        observed_at__lt=observed_at,
        replaced_by=None,
    )
    return earlier.order_by("-observed_at", "-recorded_at")[:1]


def history(response: QuestionnaireResponse) -> list[QuestionnaireResponse]:
    """A response and what it was corrected from, the newest first."""
    rows = [response]
    while (before := rows[-1].replaces) is not None:
        rows.append(before)
    return rows


def responses(patient: Patient) -> list[QuestionnaireResponse]:
    """What stands: corrected responses are left out, oldest first."""
    return _responses(patient.pk)


@worded_once
def _responses(patient_id: UUID) -> QuerySet[QuestionnaireResponse]:
    rows = QuestionnaireResponse.objects.filter(patient=patient_id, replaced_by__isnull=True)
    return rows.select_related("hand").order_by("observed_at", "recorded_at")


def of_many(patients: Collection[UUID], names: Collection[str]) -> QuerySet[QuestionnaireResponse]:
    """What stands of some instruments for many people, oldest first."""
    rows = QuestionnaireResponse.objects.filter(
        patient__in=patients, instrument__in=names, replaced_by__isnull=True
    )
    return rows.order_by("observed_at", "recorded_at")


def read_in_screening(patient: Patient) -> list[QuestionnaireResponse]:
    """The answers that stand of what the screening rules read, oldest first."""
    return list(_read_in_screening(patient.pk))


@worded_once
def _read_in_screening(patient_id: UUID) -> QuerySet[QuestionnaireResponse]:
    return of_many([patient_id], ("phq9", *SCREENERS))


def says_the_same(
    known: QuestionnaireResponse, sheet: QuestionnaireResponse, answers: Mapping[str, float]
) -> bool:
    """Whether a sheet that came again is the one that is kept."""
    same = ("patient_id", "instrument", "observed_at")
    return known.answers == answers and all(
        getattr(known, name) == getattr(sheet, name) for name in same
    )


def attributes(response: QuestionnaireResponse, instrument: Instrument) -> dict[str, object]:
    """What a rule may ask beside the answers: the person's sex, and the scores before these."""
    sex = response.patient.sex
    earlier = before(response)
    known = {score.id for score in instrument.scores}
    scores = earlier.scores if earlier else {}
    return {
        "sex": None if sex == Sex.UNKNOWN else sex,
        "previous": {key: value for key, value in scores.items() if key in known},
    }
