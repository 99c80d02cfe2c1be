"""Who a second person is, proved at the moment they check a dose at somebody else's console."""

from datetime import datetime

from clinic.calendar import queries as calendar
from clinic.dosing.dose_entry import SECOND, EntryRefused
from clinic.people import access, proof
from clinic.people.gate import ClinicRequest
from clinic.people.models import Patient, StaffMember, User


def candidates(patient: Patient, besides: User, at: datetime) -> list[StaffMember]:
    """Who may check a dose for this person: those on shift, or everybody while nobody is."""
    able = calendar.able_on_shift(SECOND, patient, at)
    if not able:
        staff = StaffMember.objects.filter(left_at__isnull=True, user__is_active=True)
        able = [
            member
            for member in staff.select_related("user").order_by("user__name")
            if access.may(access.actor(member.user, at), SECOND, patient)
        ]
    return [member for member in able if member.user_id != besides.pk]


def proved(request: ClinicRequest, person: User, secret: str) -> User:
    """The second person, by their own PIN or password. Raises EntryRefused."""
    if person.pk == request.user.pk:
        raise EntryRefused("The second entry needs a second person.")
    if not proof.prove(request, person, secret):
        raise EntryRefused("That is not this person's PIN or password. Nothing was taken.")
    return person
