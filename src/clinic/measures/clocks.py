"""By whose clocks an item's window stands, once a person lives by others than before.

What was sent, handed over, answered or missed stays where it was: moved, an answer could fall out
of its window and count as missed, or a missed one would be asked again.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

from clinic.measures.models import Assignment, DueItem
from kapstone import schedule


def kept(
    held: Mapping[schedule.Kept, DueItem], zone: ZoneInfo, at: datetime
) -> dict[schedule.Kept, str]:
    """The items that stay with the clocks they were asked by, and which those are."""
    return {
        key: row.zone
        for key, row in held.items()
        if row.zone != zone.key and (is_settled(row, at) or _is_handed_over(row, at))
    }


def items(
    course: schedule.Course, stood: Mapping[schedule.Kept, str], at: datetime
) -> list[schedule.Item]:
    """What this course calls for by the person's clocks, and what stands by earlier ones."""
    rows = schedule.content().rows
    found = {item.kept: item for item in schedule.items(rows, course, at)}
    for zone in sorted({*stood.values()}):
        before = schedule.items(rows, replace(course, zone=ZoneInfo(zone)), at)
        found |= {item.kept: item for item in before if stood.get(item.kept) == zone}
    return list(found.values())


def is_settled(row: DueItem, at: datetime) -> bool:
    """Whether it was sent or answered, or its window has closed."""
    over = row.closes_at is not None and row.closes_at <= at
    return over or row.sent_at is not None or row.answered_at is not None


def _is_handed_over(row: DueItem, at: datetime) -> bool:
    """Whether somebody holds a link for it that still lives."""
    asked = Assignment.objects.filter(
        patient=row.patient_id, instrument=row.ask, response=None, cancelled_at=None
    )
    return asked.filter(made_at__gte=row.opens_at, closes_at__gt=at).exists()


def noon_of(at: datetime, zone: ZoneInfo) -> datetime:
    """Noon, by these clocks, of the day it was in the clinic: a day that moves with nobody."""
    return datetime.combine(timezone.localtime(at).date(), time(12), zone)
