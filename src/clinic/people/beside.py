"""Nobody is locked out beside a patient: what somebody held when they first charted in a session
stays with them, for this session alone, until it ends.

A licence that runs out, a role that ends and a team that is left take effect for the next session.
Who was deactivated, left the clinic or lost their sign-in is out at once, and never comes here. A
licence that was revoked leaves the reading, and the call for help.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import DateTimeField, QuerySet, Value
from django.db.models.functions import Greatest

from clinic.people.models import AtTheChair, Licence, Patient
from clinic.people.roles import Role
from clinic.people.worded import worded_once

AT_MOST = timedelta(hours=24)  # mark P
READ_ON = timedelta(minutes=15)  # mark P: whoever let the person go still sees that it was saved


@dataclass(frozen=True, slots=True)
class Seat:
    """What somebody holds beside one chair. `revoked`: licences taken away since they sat down."""

    roles: frozenset[Role]
    ends_at: datetime
    revoked: frozenset[str]

    def may_act(self, at: datetime) -> bool:
        """Whether the session still goes on; after it there is only reading."""
        return at < self.ends_at


def sit(
    *, staff_id: int, patient: Patient, session_id: UUID, roles: frozenset[Role], at: datetime
) -> AtTheChair:
    """Somebody charts in a session for the first time. Call it in that line's transaction."""
    held = {
        "patient": patient,
        "roles": sorted(roles),
        "starts_at": at,
        "ends_at": at + AT_MOST,
    }
    row, _ = AtTheChair.objects.get_or_create(
        staff_id=staff_id, session_id=session_id, defaults=held
    )
    return row


def rise(*, session_id: UUID, at: datetime) -> None:
    """The session is over for everybody beside the chair."""
    ends_at = Greatest("starts_at", Value(at, output_field=DateTimeField()))
    AtTheChair.objects.filter(session_id=session_id, ends_at__gt=at).update(ends_at=ends_at)


def seat(staff_id: int, patient: Patient, session_id: UUID, at: datetime) -> Seat | None:
    """What somebody still holds beside this chair, or None."""
    for row in _chairs(staff_id, patient.pk, session_id):
        if row.starts_at <= at < row.ends_at + READ_ON:
            roles = frozenset(Role(role) for role in row.roles)
            return Seat(roles, row.ends_at, _revoked(staff_id, row.starts_at, at))
    return None


@worded_once
def _chairs(staff_id: int, patient_id: UUID, session_id: UUID) -> QuerySet[AtTheChair]:
    return AtTheChair.objects.filter(staff=staff_id, patient=patient_id, session_id=session_id)


def _revoked(staff_id: int, since: datetime, at: datetime) -> frozenset[str]:
    taken = Licence.objects.filter(staff=staff_id, revoked_at__gte=since, revoked_at__lte=at)
    return frozenset(taken.values_list("kind", flat=True))
