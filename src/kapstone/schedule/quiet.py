"""Quiet hours: the part of a person's night in which no reminder is sent.

They hold back reminders only, never a person's call nor what staff are told.
Source: this programme's own rule, mark P.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kapstone.errors import InvalidInput
from kapstone.monitoring.moments import utc

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `begins` up to `ends`, in whole minutes, by the clocks of the person's zone.

    Over midnight where `begins` is the later. Raises InvalidInput where both are the same, or have
    a zone of their own.
    """

    begins: time
    ends: time

    def __post_init__(self) -> None:
        if self.begins == self.ends:
            raise InvalidInput("quiet hours", "begin when they end.", "Give two different times.")
        if self.begins.tzinfo is not None or self.ends.tzinfo is not None:
            raise InvalidInput("quiet hours", "have a zone.", "Give local times alone.")

    def holds(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether the clock on the person's wall stands within them."""
        here = utc("at", at).astimezone(zone).time()
        if self.begins < self.ends:
            return self.begins <= here < self.ends
        return here >= self.begins or here < self.ends

    def over_at(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The first moment from `at` on that is not quiet, in UTC."""
        moment = utc("at", at)
        if not self.holds(moment, zone):
            return moment
        here = moment.astimezone(zone)
        day = here.date() + timedelta(days=here.time() >= self.ends)
        # Where a clock change leaves the hour out, the two readings of it stand around the change.
        ends = datetime.combine(day, self.ends, zone)
        first = max(moment, min(ends.replace(fold=fold).astimezone(UTC) for fold in (0, 1)))
        if not self.holds(first, zone):
            return first
        first = first.replace(second=0, microsecond=0)
        while self.holds(first, zone):
            first += _MINUTE
        return first

    def covers(self, opens_at: datetime, closes_at: datetime, zone: ZoneInfo) -> bool:
        """Whether a window lies wholly within them, so that no reminder could be sent in it."""
        return self.over_at(opens_at, zone) >= utc("closes_at", closes_at)


BY_DEFAULT = Quiet(time(21), time(8))
