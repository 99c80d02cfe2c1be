"""Rooms above that act on a person's wishes or clock: told within the transaction that keeps it."""

from collections.abc import Callable
from datetime import datetime

from clinic.people.models import Patient, User

Follower = Callable[[Patient, User | None, datetime], object]
_followers: list[Follower] = []


def followed_by(follower: Follower) -> None:
    """Called once by a room's `AppConfig.ready`."""
    if follower not in _followers:
        _followers.append(follower)


def changed(patient: Patient, by: User | None, at: datetime) -> None:
    """Quiet hours, the way reminders come, or the person's time zone are others now."""
    for follower in _followers:
        follower(patient, by, at)
