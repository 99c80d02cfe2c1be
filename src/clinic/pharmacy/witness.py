"""Who may stand by, and the proof they give at this console."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet

from clinic.people import access
from clinic.people.models import StaffMember, User

# (person, secret) → whether they are who they say. The view binds it to the request.
Prove = Callable[[User, str], bool]


def able(at: datetime, *, besides: User) -> QuerySet[StaffMember]:
    """Staff who may witness now, without the person who acts."""
    here = StaffMember.objects.filter(left_at__isnull=True, user__is_active=True).exclude(
        user=besides
    )
    able_now = [
        member.pk
        for member in here.select_related("user")
        if access.may(access.actor(member.user, at), "witness_drug")
    ]
    return StaffMember.objects.filter(pk__in=able_now).select_related("user").order_by("user__name")
