"""A touch that was not medical, charted beside what the person agreed to.

Outside the agreement it is a deviation, and somebody is told. Source: protocol TCH-01 to TCH-05.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from clinic.alerts import actions as alerts
from clinic.dosing import actions, before, queries
from clinic.dosing.kinds import TOUCH, Chart
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.dosing.presence import InRoom
from clinic.people.models import Patient, StaffMember, User
from clinic.therapy.models import TouchAgreement
from kapstone.errors import InvalidInput
from kapstone.risk import AlertLevel

YES, NO = "yes", "no"
OUTSIDE = alerts.Cause(
    "touch.outside",
    AlertLevel.URGENT,
    "Deviation: a touch outside what the person agreed to was charted in a session. Look at the "
    "session, see how the person is and file the incident; somebody who was not in the room "
    "reviews it.",
)


@transaction.atomic
def chart(*, session: DosingSession, told: Chart, by: User, at: datetime) -> SessionEvent:
    """Chart a touch, judged by what was agreed when it happened. Sent again it is told once.

    Raises InvalidInput where nobody is named, or what is named is not possible.
    """
    locked = queries.locked(session)
    staff = _staff(told)
    known = locked.events.filter(pk=told.id, kind=TOUCH).first()
    agreed = str(known.body.get("agreed")) if known else _agreed(locked.patient, staff, told)
    body = {**told.body, "staff": str(staff.pk), "name": staff.name, "agreed": agreed}
    row = actions.record(session=locked, chart=replace(told, body=body), by=by, at=at)
    session.refresh_from_db()
    if agreed == NO and known is None:
        alerts.raise_alert(OUTSIDE, patient=locked.patient, subject=row, by=by, at=at)
    return row


def _agreed(patient: Patient, staff: StaffMember, told: Chart) -> str:
    """Whether the very touch by this very person was agreed then, and done as agreed."""
    where = str(told.body.get("touch", ""))
    as_agreed = before.touch_agreed(patient, staff, where, told.observed_at)
    return YES if as_agreed and told.body.get("agreed") != NO else NO


def _staff(told: Chart) -> StaffMember:
    written = str(told.body.get("staff", ""))
    found = StaffMember.objects.filter(pk=written).first() if written.isdecimal() else None
    if found is None:
        raise InvalidInput("who touched", "is missing.", "Choose who it was.")
    return found


def may_be_named(
    agreement: TouchAgreement | None, present: Sequence[InRoom], on_shift: Sequence[StaffMember]
) -> list[tuple[int, str]]:
    """Who may have touched: those of the agreement, those in the room, those on shift."""
    agreed = agreement.allowed.all() if agreement else ()
    named = {each.pk: each.name for each in (*(one.staff for one in agreed), *on_shift)}
    named |= {one.staff_id: one.name for one in present}
    return sorted(named.items(), key=lambda one: one[1])
