"""Reads about episodes."""

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from clinic.episodes.models import Episode, GivenDose
from clinic.people.models import Patient
from clinic.people.worded import worded_once
from kapstone import pathway


def open_episode(patient: Patient) -> Episode | None:
    """The episode that is open now."""
    return next(iter(_open(patient.pk)), None)


@worded_once
def _open(patient_id: UUID) -> QuerySet[Episode]:
    return Episode.objects.filter(patient=patient_id, ended_at__isnull=True)


def given_doses(patient: Patient) -> QuerySet[GivenDose]:
    """Every dose this person had here, corrected ones left out, oldest first."""
    return _given(patient.pk)


def _given(patient_id: UUID) -> QuerySet[GivenDose]:
    rows = GivenDose.objects.filter(episode__patient=patient_id, replaced_by__isnull=True)
    return rows.order_by("started_at")


_given_now = worded_once(_given)


def doses(patient: Patient) -> list[GivenDose]:
    """The rows of `given_doses`, read at once."""
    return _given_now(patient.pk)


def doses_of_many(patients: Collection[UUID]) -> dict[UUID, list[GivenDose]]:
    """The same of many people, by their ids; somebody without a dose has none."""
    rows = GivenDose.objects.filter(episode__patient__in=patients, replaced_by__isnull=True)
    found: dict[UUID, list[GivenDose]] = {each: [] for each in patients}
    for dose in rows.select_related("episode").order_by("started_at"):
        found[dose.episode.patient_id].append(dose)
    return found


def charted_mg(session_id: UUID) -> Decimal:
    """What stands as given in a session; nought where nothing does."""
    rows = GivenDose.objects.filter(session_id=session_id, replaced_by__isnull=True)
    return sum((row.dose_mg for row in rows), Decimal())


def has_died(patient: Patient) -> bool:
    """Whether this person died in our care: nothing is sent or asked any more."""
    return patient.episodes.filter(stage=str(pathway.Episode.DIED)).exists()
