"""Reads about shifts and appointments."""

from datetime import datetime

from django.db.models import QuerySet

from clinic.calendar.models import Appointment, Shift
from clinic.people.models import StaffMember
from clinic.people.worded import worded_once


def on_shift(at: datetime) -> list[StaffMember]:
    """Who is in the house at a moment."""
    return _on_shift(at)


@worded_once
def _on_shift(at: datetime) -> QuerySet[StaffMember]:
    shifts = Shift.objects.filter(starts_at__lte=at, ends_at__gt=at)
    return (
        StaffMember.objects.filter(
            pk__in=shifts.values("staff"), left_at__isnull=True, user__is_active=True
        )
        .select_related("user__patient")
        .order_by("user__name")
    )


def shifts_from(at: datetime) -> QuerySet[Shift]:
    """Shifts that run at a moment or come after it, the first to begin first."""
    found = Shift.objects.filter(ends_at__gt=at).select_related("staff__user")
    return found.order_by("starts_at", "staff__user__name")


def in_room(room: str, starts_at: datetime, ends_at: datetime) -> QuerySet[Appointment]:
    """Appointments that would share a room and a time. One that was given up leaves its room."""
    held = Appointment.objects.filter(room__iexact=room, given_up_at__isnull=True)
    return held.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


def changes_within(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """The moments of a time at which somebody comes or goes, its start among them."""
    moments = {starts_at}
    for shift in Shift.objects.filter(starts_at__lt=ends_at, ends_at__gt=starts_at):
        moments |= {at for at in (shift.starts_at, shift.ends_at) if starts_at < at < ends_at}
    return sorted(moments)
