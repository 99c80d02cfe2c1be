"""Whether one who may give a dose and a second who may check it are in the house."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from clinic.calendar import queries as calendar
from clinic.calendar.actions import Slot
from clinic.dosing.dose_entry import FIRST, SECOND
from clinic.dosing.models import DosingSession
from clinic.people import access
from clinic.people.models import Patient, StaffMember


@dataclass(frozen=True, slots=True)
class Cover:
    """Who is on shift at a moment, and who of them may give or check a dose for one person."""

    at: datetime
    on_shift: tuple[StaffMember, ...]
    givers: tuple[StaffMember, ...]
    checkers: tuple[StaffMember, ...]

    @property
    def has_two(self) -> bool:
        """Whether somebody may give the dose and somebody else may check it."""
        return any(one.pk != two.pk for one in self.givers for two in self.checkers)

    @property
    def words(self) -> str:
        """Who is there, by name."""
        able = {member.pk for member in (*self.givers, *self.checkers)}
        told = [
            member.name if member.pk in able else f"{member.name} (may not check a dose)"
            for member in self.on_shift
        ]
        return ", ".join(told) or "nobody"


def at_moment(patient: Patient, at: datetime) -> Cover:
    """Roles, licences and teams as they will stand at that moment."""
    here = tuple(calendar.on_shift(at))
    actors = {member: access.actor(member.user, at) for member in here}
    givers, checkers = (
        tuple(member for member in here if access.may(actors[member], capability, patient))
        for capability in (FIRST, SECOND)
    )
    return Cover(at, here, givers, checkers)


def who_may(
    capability: str, staff: Iterable[StaffMember], patient: Patient, at: datetime
) -> tuple[StaffMember, ...]:
    """Who of them may do this for one person at a moment."""
    return tuple(
        member for member in staff if access.may(access.actor(member.user, at), capability, patient)
    )


def through(patient: Patient, slot: Slot) -> Cover:
    """The first moment of a time at which there are no two; its start where there are always."""
    covers = [
        at_moment(patient, at) for at in calendar.changes_within(slot.starts_at, slot.ends_at)
    ]
    return next((each for each in covers if not each.has_two), covers[0])


def of_session(session: DosingSession, now: datetime) -> Cover:
    """Now; while a booked session has not begun, at the time it is booked for."""
    booked = session.appointment
    if session.phase == "scheduled" and booked is not None and booked.starts_at > now:
        return through(session.patient, Slot(booked.room, booked.starts_at, booked.ends_at))
    return at_moment(session.patient, now)
