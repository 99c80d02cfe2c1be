"""The loop's work on contacts after a suicide tier: one that nobody made in time is an alert."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from clinic.alerts import contacts
from clinic.alerts.actions import Cause, raise_alert
from clinic.alerts.models import TierContact
from kapstone.risk import AlertLevel


def tell(now: datetime) -> int:
    """An urgent alert for each that is overdue, once; returns how many."""
    return sum(_tell(row, now) for row in contacts.untold(now))


@transaction.atomic
def _tell(row: TierContact, now: datetime) -> int:
    """Looked at again under its lock: somebody may have spoken with the person just now."""
    late = contacts.untold(now).select_for_update(of=("self",)).filter(pk=row.pk).first()
    if late is None:
        return 0
    raise_alert(_cause(late), patient=late.patient, subject=late, by=None, at=now)
    late.told_at = now
    late.save(update_fields=["told_at"])
    return 1


def _cause(late: TierContact) -> Cause:
    """Source: protocol section 10.1; that a missed contact is urgent is mark P."""
    due = timezone.localtime(late.due_at)
    return Cause(
        contacts.OVERDUE,
        AlertLevel.URGENT,
        f"Nobody has spoken with this person for the contact asked for after a suicide tier of "
        f"{late.tier}, within {late.hours} h. It was due on {due:%B} {due.day} at {due:%H:%M}. "
        "Call now.",
    )
