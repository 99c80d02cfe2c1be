"""What a staff member holds at a moment, in one read: every request asks it before anything else.

The ORM took three queries, and more time to word them than the database took to answer.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils import timezone

# Periods hold from their start up to, not including, their end. A licence holds through its day.
_HELD = """
SELECT 'role', role FROM people_rolegrant
WHERE staff_id = %s AND starts_at <= %s AND (ends_at IS NULL OR ends_at > %s)
UNION ALL
SELECT 'duty', kind FROM people_duty
WHERE staff_id = %s AND starts_at <= %s AND (ends_at IS NULL OR ends_at > %s)
UNION ALL
SELECT 'licence', kind FROM people_licence
WHERE staff_id = %s AND revoked_at IS NULL AND expires_on >= %s
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Names of what is held: roles granted, duties, kinds of licence in force."""

    roles: frozenset[str]
    duties: frozenset[str]
    licences: frozenset[str]


def in_force(at: datetime) -> Q:
    """Rows of a period that hold at a moment, for lists."""
    return Q(starts_at__lte=at) & (Q(ends_at__isnull=True) | Q(ends_at__gt=at))


def standing(staff_id: int, at: datetime) -> Standing:
    """What this staff member holds at this moment."""
    ops, today = connection.ops, timezone.localdate(at)
    with connection.cursor() as cursor:
        moment, day = ops.adapt_datetimefield_value(at), ops.adapt_datefield_value(today)
        in_period = (staff_id, moment, moment)
        cursor.execute(_HELD, (*in_period, *in_period, staff_id, day))
        rows = cursor.fetchall()

    def of(kind: str) -> frozenset[str]:
        return frozenset(name for each, name in rows if each == kind)

    return Standing(of("role"), of("duty"), of("licence"))
