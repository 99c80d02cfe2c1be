"""Reads about shifts and appointments."""

from datetime import datetime

from django.db.models import QuerySet

from clinic.calendar.models import Appointment, Shift
from clinic.people import access
from clinic.people.models import Patient, StaffMember


def on_shift(at: datetime) -> QuerySet[StaffMember]:
    """Who is in the house at a moment."""
    shifts = Shift.objects.filter(starts_at__lte=at, ends_at__gt=at)
    return (
        StaffMember.objects.filter(
            pk__in=shifts.values("staff"), left_at__isnull=True, user__is_active=True
        )
        .select_related("user")
        .order_by("user__name")
    )


def shifts_from(at: datetime) -> QuerySet[Shift]:
    """Shifts that run at a moment or come after it, the first to begin first."""
    found = Shift.objects.filter(ends_at__gt=at).select_related("staff__user")
    return found.order_by("starts_at", "staff__user__name")


def able_on_shift(capability: str, patient: Patient, at: datetime) -> list[StaffMember]:
    """Who is in the house at a moment and may do this for this person."""
    return [
        member
        for member in on_shift(at)
        if access.may(access.actor(member.user, at), capability, patient)
    ]


def in_room(room: str, starts_at: datetime, ends_at: datetime) -> QuerySet[Appointment]:
    """Appointments that would share a room and a time."""
    return Appointment.objects.filter(room=room, starts_at__lt=ends_at, ends_at__gt=starts_at)
