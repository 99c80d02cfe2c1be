"""When the clinic is open, for clocks that count working time."""

from datetime import time
from zoneinfo import ZoneInfo

from django.conf import settings

from kapstone.risk import WorkingHours


def working_hours() -> WorkingHours:
    """The clinic's zone and the hour its working day begins."""
    return WorkingHours(zone=ZoneInfo(settings.TIME_ZONE), morning=time(settings.CLINIC_OPENS_AT_H))
