"""When the clinic is open, for clocks that count working time."""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kapstone.risk import Shorter, Sooner, WorkingHours, read_shorter, read_sooner


def working_hours() -> WorkingHours:
    """The clinic's zone and the hour its working day begins."""
    return WorkingHours(zone=ZoneInfo(settings.TIME_ZONE), morning=time(settings.CLINIC_OPENS_AT_H))


EVENING_H = 16  # from this hour an empty roster for the night is said


def tonight(now: datetime) -> datetime | None:
    """When the night that is near ends, once it is evening; None earlier in the day."""
    hours = working_hours()
    here = now.astimezone(hours.zone)
    if settings.CLINIC_OPENS_AT_H <= here.hour < EVENING_H:
        return None
    return hours.working_morning(now, 1)


def night_of(now: datetime) -> date:
    """The day on whose evening the night began that a moment belongs to."""
    here = now.astimezone(working_hours().zone)
    return (here - timedelta(hours=settings.CLINIC_OPENS_AT_H)).date()


def shorter_clocks() -> Shorter:
    """The clocks that this clinic shortened. Raises InvalidInput for one that is longer."""
    return _shorter(settings.CLINIC_CLOCKS)


@cache
def _shorter(written: str) -> Shorter:
    return read_shorter(written)


def sooner_contacts() -> Sooner:
    """The contacts after a suicide tier that this clinic asks for sooner. Raises InvalidInput."""
    return _sooner(settings.CLINIC_CONTACTS)


@cache
def _sooner(written: str) -> Sooner:
    return read_sooner(written)


def next_morning(now: datetime) -> str:
    """When the clinic next opens, in words of the page and in its own time."""
    hours = working_hours()
    opens = hours.working_morning(now, 1).astimezone(hours.zone)
    told = {"day": date_format(opens, "l"), "time": f"{opens:%H:%M}"}
    return _("%(day)s at %(time)s") % told
