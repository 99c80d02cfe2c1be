"""Writes about shifts and appointments."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from clinic.calendar import queries
from clinic.calendar.models import Appointment, Shift
from clinic.people import audit
from clinic.people.models import Patient, StaffMember, User


@dataclass(frozen=True, slots=True)
class Slot:
    """A room for a time."""

    room: str
    starts_at: datetime
    ends_at: datetime


class RoomTaken(Exception):
    """Somebody else is expected in this room at this time."""


@transaction.atomic
def put_on_shift(
    *, staff: StaffMember, starts_at: datetime, ends_at: datetime, by: User | None, at: datetime
) -> Shift:
    """A member of staff will be in the house."""
    shift = Shift.objects.create(staff=staff, starts_at=starts_at, ends_at=ends_at)
    audit.record("put_on_shift", by=by, at=at, subject=shift)
    return shift


@transaction.atomic
def book(*, patient: Patient, slot: Slot, by: User | None, at: datetime) -> Appointment:
    """Expect a person in a room. Raises RoomTaken when the room has somebody then."""
    if queries.in_room(slot.room, slot.starts_at, slot.ends_at).select_for_update().exists():
        raise RoomTaken
    made = Appointment.objects.create(
        patient=patient,
        room=slot.room,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        made_at=at,
        made_by=by,
    )
    audit.record("book_appointment", by=by, at=at, patient=patient, subject=made)
    return made


@transaction.atomic
def give_up(*, appointment: Appointment, by: User | None, at: datetime) -> Appointment:
    """The person is not expected any more: the room is free again."""
    appointment.given_up_at = at
    appointment.save(update_fields=["given_up_at"])
    audit.record(
        "give_up_appointment", by=by, at=at, patient=appointment.patient, subject=appointment
    )
    return appointment
