"""A moment that somebody types."""

from datetime import datetime

from django.core.exceptions import ValidationError

FIRST_YEAR, LAST_YEAR = 1900, 2200


def in_reach(at: datetime) -> None:
    """For a form's field: far outside these years no other zone's clock can say it."""
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValidationError(f"Write a year from {FIRST_YEAR} to {LAST_YEAR}.")
