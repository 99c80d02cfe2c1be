"""Whom to call now, by name and number: today's people, and the number of the clinic's country."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from clinic.alerts import roster
from clinic.calendar import queries as calendar
from clinic.people import access, crisis
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from kapstone.monitoring.pathways import Callee

NO_NUMBER = "no number on record"
ROLES = {Callee.PRESCRIBER: Role.PRESCRIBER, Callee.DIRECTOR: Role.MEDICAL_DIRECTOR}
WORDS = {
    Callee.EMERGENCY: "Emergency services",
    Callee.PRESCRIBER: "Prescriber",
    Callee.DIRECTOR: "Medical director",
    Callee.ESCORT: "Whom the person named",
}


def here(words: str) -> str:
    """A step's words with the emergency number of the clinic's country."""
    return words.replace("911", crisis.danger_number())


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody to call. phone: as stored; `why` says where they are, or that nobody is there."""

    words: str
    name: str
    phone: str
    why: str = ""
    private: bool = False


def now(wanted: Iterable[Callee], patient: Patient, at: datetime) -> list[Named]:
    """Each of those a row asks for, in its order."""
    asked = list(wanted)
    staff = _here(at) if any(one in ROLES for one in asked) else []
    return [named for one in asked for named in _named(one, patient, staff, at)]


def _here(at: datetime) -> list[tuple[StaffMember, str]]:
    """Who is on shift, then who is on call and is not."""
    here = calendar.on_shift(at)
    called = [one for one in roster.on_call(at) if one not in here]
    return [*((one, "on shift") for one in here), *((one, "on call") for one in called)]


def _named(
    wanted: Callee, patient: Patient, staff: list[tuple[StaffMember, str]], at: datetime
) -> Iterator[Named]:
    words = WORDS[wanted]
    if wanted is Callee.EMERGENCY:
        yield Named(words, "", crisis.danger_number())
    elif wanted is Callee.ESCORT:
        name = patient.emergency_name
        why = "" if name else "Nobody stands in their details."
        yield Named(words, name, patient.emergency_phone, why, private=True)
    else:
        yield from _of_role(words, ROLES[wanted], staff, at)


def _of_role(
    words: str, role: Role, staff: list[tuple[StaffMember, str]], at: datetime
) -> Iterator[Named]:
    """Those whose licence is in force. A medical director who is away is called all the same."""
    found = [(one, why) for one, why in staff if role in access.actor(one.user, at).roles]
    if not found and role is Role.MEDICAL_DIRECTOR:
        found = [(one, "not on shift") for one in roster.holding([role], at)]
    for one, why in found:
        yield Named(words, one.name, one.phone, why)
    if not found:
        yield Named(words, "", "", "Nobody is on shift or on call. Press Help at the chair.")
