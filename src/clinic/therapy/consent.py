"""Whether consent is on record, as this room needs to know it."""

from datetime import datetime

from clinic.episodes import queries as episodes
from clinic.people.models import Patient
from kapstone import pathway

_AFTER_CONSENT = (pathway.Episode.CONSENTED, pathway.Episode.PREPARED)


def in_force(patient: Patient, at: datetime) -> bool:
    """Whether the episode stands where it came by consent alone.

    Whoever takes consent back moves the episode out of these stages in the same transaction.
    """
    episode = episodes.open_episode(patient)
    return episode is not None and episode.opened_at <= at and episode.stage in _AFTER_CONSENT
