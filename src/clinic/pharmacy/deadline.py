"""One business day: the same time on the next weekday. Source: protocol CS-03 and 10.4, mark P."""

from datetime import datetime, timedelta

from django.utils import timezone

SATURDAY = 5


def one_business_day(after: datetime) -> datetime:
    """The same wall-clock time on the next day that is no Saturday or Sunday.

    Public holidays are not known here: on one, the time is short rather than long.
    """
    due = timezone.localtime(after) + timedelta(days=1)
    while due.weekday() >= SATURDAY:
        due += timedelta(days=1)
    return due
