"""Who a second person is, proved at the moment they check a dose at somebody else's console."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from clinic.dosing import cover
from clinic.dosing.dose_entry import SECOND, EntryRefused, waiting_first
from clinic.dosing.models import DosingSession
from clinic.people import proof
from clinic.people.gate import ClinicRequest
from clinic.people.models import Patient, StaffMember, User


def candidates(patient: Patient, besides: User, at: datetime) -> list[StaffMember]:
    """Who may check a dose for this person: those on shift, or everybody while nobody is."""
    able = cover.at_moment(patient, at).checkers
    if not able:
        staff = StaffMember.objects.filter(left_at__isnull=True, user__is_active=True)
        able = cover.who_may(
            SECOND, staff.select_related("user__patient").order_by("user__name"), patient, at
        )
    return [member for member in able if member.user_id != besides.pk]


def of_check(session: DosingSession, besides: User, at: datetime) -> dict[str, object]:
    """What the card of the second entry is drawn from."""
    waits = waiting_first(session)
    seconds = candidates(session.patient, besides, at) if waits else []
    return {
        "waits_second": waits,
        "seconds": seconds,
        "seconds_with_passkey": with_passkey(seconds),
    }


@dataclass(frozen=True, slots=True)
class Proof:
    """What a second person gives: a PIN or password, or a passkey's answer."""

    secret: str
    passkey: str = ""


def with_passkey(members: Iterable[StaffMember]) -> list[StaffMember]:
    """Who of them has a passkey."""
    found = list(members)
    users = {member.user_id for member in found}
    held = set(proof.with_passkey(users))
    return [member for member in found if member.user_id in held]


def passkey(person: User) -> dict[str, object] | None:
    """What the browser needs to ask for this person's passkey; None: they have none."""
    options = proof.passkey_options(person)
    return None if options is None else {"request_options": options}


def proved(request: ClinicRequest, person: User, told: Proof) -> User:
    """The second person, by their own passkey, PIN or password. Raises EntryRefused."""
    if person.pk == request.user.pk:
        raise EntryRefused("The second entry needs a second person.")
    if not proof.prove(request, person, told.secret, passkey=told.passkey):
        raise EntryRefused("That is not this person's passkey, PIN or password. Nothing was taken.")
    return person
