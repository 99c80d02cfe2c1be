"""Reads about episodes."""

from django.db.models import QuerySet

from clinic.episodes.models import Episode, GivenDose
from clinic.people.models import Patient
from kapstone import pathway


def open_episode(patient: Patient) -> Episode | None:
    """The episode that is open now."""
    return patient.episodes.filter(ended_at__isnull=True).first()


def given_doses(patient: Patient) -> QuerySet[GivenDose]:
    """Every dose this person had here, corrected ones left out, oldest first."""
    return GivenDose.objects.filter(episode__patient=patient, replaced_by__isnull=True).order_by(
        "started_at"
    )


def has_died(patient: Patient) -> bool:
    """Whether this person died in our care: nothing is sent or asked any more."""
    return patient.episodes.filter(stage=str(pathway.Episode.DIED)).exists()
