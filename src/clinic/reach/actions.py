"""Writes about reaching people: one function an event, each with its audit row."""

from datetime import datetime

from django.db import transaction

from clinic.people import audit, heard
from clinic.people.models import Patient, StaffMember, User
from clinic.reach.channels import MAIL, channel
from clinic.reach.messages import Message, Unsent, Way
from clinic.reach.models import PatientReach, StaffReach, StopWay


@transaction.atomic
def keep_wishes(*, wishes: PatientReach, by: User, at: datetime) -> PatientReach:
    """Keep how a person wants to be reached. A stop is lifted only by `resume_reminders`.

    What is not sent yet is timed anew at once, in the same transaction.
    """
    wishes.save()
    audit.record("keep_wishes", by=by, at=at, patient=wishes.patient, subject=wishes)
    heard.changed(wishes.patient, by, at)
    return wishes


@transaction.atomic
def stop_reminders(*, patient: Patient, how: StopWay, by: User | None, at: datetime) -> None:
    """No more reminders. Said twice, the first stands."""
    row, _ = PatientReach.objects.select_for_update().get_or_create(patient=patient)
    if row.stopped_at is not None:
        return
    row.stopped_at, row.stopped_how = at, how
    row.save(update_fields=["stopped_at", "stopped_how"])
    audit.record("stop_reminders", by=by, at=at, patient=patient, subject=row, how=str(how))


@transaction.atomic
def resume_reminders(*, patient: Patient, by: User | None, at: datetime) -> None:
    """The person wants reminders again."""
    row, _ = PatientReach.objects.select_for_update().get_or_create(patient=patient)
    row.stopped_at, row.stopped_how = None, ""
    row.save(update_fields=["stopped_at", "stopped_how"])
    audit.record("resume_reminders", by=by, at=at, patient=patient, subject=row)


@transaction.atomic
def choose_way(*, staff: StaffMember, way: Way, number: str, by: User, at: datetime) -> StaffReach:
    """By which way a member of staff is told of alerts."""
    row, _ = StaffReach.objects.update_or_create(
        staff=staff, defaults={"way": way, "number": "" if way is Way.MAIL else number}
    )
    audit.record("choose_way", by=by, at=at, subject=row, way=str(way))
    return row


def tell_staff(staff: StaffMember, subject: str, text: str, key: str) -> tuple[Way, str]:
    """Send by the way they chose, else by mail; returns which, and what failed before.

    Raises `Unsent` where neither took it.
    """
    chosen = getattr(staff, "reach", None)
    way = Way(chosen.way) if chosen else Way.MAIL
    problem = ""
    if chosen is not None and way is not Way.MAIL:
        problem = _try(way, Message(chosen.number, subject, text, key))
        if not problem:
            return way, ""
    MAIL.send(Message(staff.user.email, subject, text, key))
    return Way.MAIL, problem


def _try(way: Way, message: Message) -> str:
    """Why a channel did not take a message; "" where it did."""
    found = channel(way)
    if found is None:
        return f"{way}: NoSuchChannel"
    try:
        found.send(message)
    except Unsent as error:
        return f"{way}: {error.kind}"[:60]
    return ""
