"""Rooms above that keep in step with an episode: told within the transaction that changes it."""

from collections.abc import Callable
from datetime import datetime

from clinic.episodes.models import Episode
from clinic.people.models import User

Follower = Callable[[Episode, User | None, datetime], object]
_followers: list[Follower] = []


def followed_by(follower: Follower) -> None:
    """Called once by a room's `AppConfig.ready`."""
    if follower not in _followers:
        _followers.append(follower)


def changed(episode: Episode, by: User | None, at: datetime) -> None:
    """Something that others count from changed: a stage, a series, a dose."""
    for follower in _followers:
        follower(episode, by, at)
