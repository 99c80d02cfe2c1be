"""Who a second person is, proved at the moment they check a dose at somebody else's console."""

from datetime import datetime

from allauth.core import ratelimit
from django.utils import timezone

from clinic.calendar import queries as calendar
from clinic.dosing.dose_entry import SECOND, EntryRefused
from clinic.people import access, audit
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
    if not _proves(request, person, secret):
        raise EntryRefused("That is not this person's PIN or password. Nothing was taken.")
    return person


def _proves(request: ClinicRequest, person: User, secret: str) -> bool:
    """Ten wrong tries in five minutes, then a pause; a right one clears the count."""
    key = f"second-{person.pk}"
    if not ratelimit.consume(request, action="login_failed", key=key):
        return False
    held = person.is_active and person.check_password(secret)
    if held:
        ratelimit.clear(request, action="login_failed", key=key)
    audit.record(
        "second_person_proved" if held else "second_person_refused",
        by=request.user,
        at=timezone.now(),
        subject=person,
    )
    return held
