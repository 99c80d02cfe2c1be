"""What a person wishes about reminders, and whether one may leave now."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db.models import Q

from clinic.people.models import Patient
from clinic.reach.channels import channel
from clinic.reach.messages import Way
from clinic.reach.models import PatientReach, ReminderWay
from kapstone.schedule import Quiet
from kapstone.schedule.quiet import BY_DEFAULT


@dataclass(frozen=True, slots=True)
class Wishes:
    """How one person may be reminded. `row` is new where they said nothing yet."""

    row: PatientReach
    quiet: Quiet
    zone: ZoneInfo

    @property
    def stopped(self) -> bool:
        """Whether they asked for no more reminders."""
        return self.row.stopped_at is not None

    def way(self) -> Way | None:
        """By which way a reminder leaves; None where by none."""
        return None if self.why_not() else Way(self.row.reminders_by)

    def why_not(self) -> str:
        """Why no reminder leaves by itself, and what to do about it; "" where one does."""
        patient, wanted = self.row.patient, self.row.reminders_by
        if self.stopped:
            return "Asked for no more reminders: ask at a visit, or in a call"
        if wanted == ReminderWay.NONE:
            return "Wants no messages: it stands on their own page; ask at a visit"
        if patient.safe_contact:
            return "Read how to reach them safely, then hand over the link"
        if wanted == ReminderWay.MAIL:
            return "" if patient.email else "No e-mail on record: call, and hand over the link"
        if channel(Way.TEXT) is None:
            return "Wants texts, and this clinic sends none: call, and hand over the link"
        return "" if patient.phone else "No phone on record: hand over the link at a visit"

    def may_leave(self, now: datetime) -> bool:
        """Whether a reminder may leave at this moment."""
        return self.way() is not None and not self.quiet.holds(now, self.zone)


def wishes(patient: Patient) -> Wishes:
    """What a person said, or what holds for somebody who said nothing."""
    row = getattr(patient, "reach", None) or PatientReach(patient=patient)
    begins, ends = row.quiet_from, row.quiet_until
    quiet = BY_DEFAULT if begins is None or ends is None else Quiet(begins, ends)
    return Wishes(row, quiet, zone_of(patient))


def zone_of(patient: Patient) -> ZoneInfo:
    """The person's own zone; the clinic's where theirs is not one that is known."""
    try:
        return ZoneInfo(patient.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def reachable(to: str = "") -> Q:
    """People to whom a reminder can leave; `to` leads to the person from what is asked."""
    said = f"{to}reach__reminders_by"
    by_mail = (Q(**{f"{to}reach": None}) | Q(**{said: ReminderWay.MAIL})) & ~Q(**{f"{to}email": ""})
    by_text = Q(**{said: ReminderWay.TEXT}) & ~Q(**{f"{to}phone": ""})
    ways = by_mail | by_text if channel(Way.TEXT) else by_mail
    return ways & Q(**{f"{to}safe_contact": "", f"{to}reach__stopped_at": None})
