"""Writes: one function an event, each with its audit row."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from clinic.calendar.models import Appointment
from clinic.people import audit
from clinic.people.models import Patient, User
from clinic.readying import queries
from clinic.readying.models import LineSaid


@dataclass(frozen=True, slots=True)
class Told:
    """That a line is ready, or what is hard about it, in words."""

    line: str
    ready: bool
    words: str = ""


class Moved(Exception):
    """What was answered is not on the list of the visit that is booked now."""


@transaction.atomic
def say(*, patient: Patient, visit: str, told: Told, by: User, at: datetime) -> LineSaid:
    """Somebody says that a line is ready, or what is hard about it.

    visit: the id of the appointment that was shown. Raises `Moved` where another one is booked
    now, or its list does not hold the line.
    """
    booked = queries.visit(patient, at)
    if booked is None or str(booked.session.appointment_id) != visit:
        raise Moved
    if told.line not in {one.line.id for one in booked.todo}:
        raise Moved
    said = LineSaid.objects.create(
        patient=patient,
        appointment=Appointment.objects.get(pk=visit),
        line=told.line,
        ready=told.ready,
        words=told.words,
        by=by,
        at=at,
    )
    audit.record("say_ready", by=by, at=at, patient=patient, subject=said, line=told.line)
    return said
