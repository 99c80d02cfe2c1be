"""Who is on call, and who else is told when nobody answers."""

from datetime import datetime

from django.db.models import Q, QuerySet

from clinic.people.models import Duty, StaffMember
from clinic.people.roles import DutyKind, Role
from clinic.people.worded import worded_once

CLINICAL = [Role.MEDICAL_DIRECTOR, Role.PRESCRIBER, Role.NURSE, Role.THERAPIST]


def on_call(at: datetime) -> list[StaffMember]:
    """The ladder at this moment: first rung first. Empty when the roster is."""
    return _ladder(at)


@worded_once
def _ladder(at: datetime) -> QuerySet[StaffMember]:
    now_on_duty = in_force_on("duties", at) & Q(duties__kind=DutyKind.ON_CALL)
    ladder = StaffMember.objects.filter(now_on_duty, left_at__isnull=True, user__is_active=True)
    return ladder.order_by("duties__step", "pk").select_related("user").distinct()


def uncovered_from(now: datetime, until: datetime) -> datetime | None:
    """The first moment before `until` at which nobody is on call; None when somebody always is.

    Cover is lost only where a duty ends, so only those moments are looked at.
    """
    ends = Duty.objects.filter(kind=DutyKind.ON_CALL, ends_at__gt=now, ends_at__lt=until)
    moments = [now, *(duty.ends_at or now for duty in ends.order_by("ends_at"))]
    return next((moment for moment in moments if not on_call(moment)), None)


def whole_clinic(at: datetime) -> QuerySet[StaffMember]:
    """Everybody whose role lets them act on an alert, the medical director among them."""
    return holding(CLINICAL, at)


def leads(at: datetime) -> QuerySet[StaffMember]:
    """Who answers for the roster."""
    return holding([Role.MANAGER, Role.MEDICAL_DIRECTOR], at)


def holding(roles: list[Role], at: datetime) -> QuerySet[StaffMember]:
    """Everybody who works here and holds one of these roles now."""
    return StaffMember.objects.filter(
        in_force_on("roles", at),
        roles__role__in=roles,
        left_at__isnull=True,
        user__is_active=True,
    ).distinct()


def in_force_on(field: str, at: datetime) -> Q:
    """`in_force`, reached through a related row."""
    return Q(**{f"{field}__starts_at__lte": at}) & (
        Q(**{f"{field}__ends_at__isnull": True}) | Q(**{f"{field}__ends_at__gt": at})
    )
