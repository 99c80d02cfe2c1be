"""Moments in UTC. Two wall-clock times of one zone subtract wrongly across a clock change."""

from datetime import UTC, datetime, timedelta

from kapstone.errors import InvalidInput


def utc(key: str, moment: datetime) -> datetime:
    """The moment in UTC; a naive one is refused, because nobody can say when it was."""
    if moment.utcoffset() is None:
        raise InvalidInput(key, "has no time zone.", "Give an aware datetime.")
    return moment.astimezone(UTC)


def minutes(count: int) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)
