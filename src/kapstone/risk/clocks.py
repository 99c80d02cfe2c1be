"""The clocks of an alert, and when each runs out in the clinic's own time.

Three run: acknowledged, contacted, disposed; acknowledging stops only the first. With nobody on
the roster an alert goes to its last step at once.
Source: protocol section 10.1, mark P; a clinic may only shorten.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count, islice
from types import MappingProxyType
from zoneinfo import ZoneInfo

from kapstone.errors import InvalidInput
from kapstone.risk.levels import AlertLevel


class NamedTime(StrEnum):
    """A time that the clinic's own calendar decides."""

    SAME_DAY = "same day"
    NEXT_WORKING_MORNING = "next working morning"
    TWO_WORKING_DAYS = "2 working days"
    BEFORE_NEXT_DOSE = "before the next dose"


Due = timedelta | NamedTime


@dataclass(frozen=True, slots=True)
class Clock:
    """How long each step may take, counted from the alert; None where the step has no clock.

    backup: not acknowledged, the backup is called. everyone: whole clinic and medical director.
    """

    backup: Due | None = None
    everyone: Due | None = None
    first_contact: Due | None = None
    disposition: Due | None = None


# Also for immediate: the disposition comes before any dose and before the person leaves.
CLOCKS: Mapping[AlertLevel, Clock] = MappingProxyType(
    {
        AlertLevel.IMMEDIATE: Clock(
            backup=timedelta(minutes=5),
            everyone=timedelta(minutes=10),
            first_contact=timedelta(minutes=15),
            disposition=NamedTime.SAME_DAY,
        ),
        AlertLevel.URGENT: Clock(
            backup=timedelta(minutes=30),
            everyone=timedelta(minutes=60),
            first_contact=timedelta(hours=2),
            disposition=NamedTime.SAME_DAY,
        ),
        AlertLevel.REVIEW: Clock(
            backup=NamedTime.NEXT_WORKING_MORNING,
            everyone=NamedTime.TWO_WORKING_DAYS,
            disposition=NamedTime.BEFORE_NEXT_DOSE,
        ),
        AlertLevel.INFO: Clock(),
    }
)


STEPS = tuple(each.name for each in fields(Clock))
Shorter = Mapping[tuple[AlertLevel, str], timedelta]


def read_shorter(written: str) -> Shorter:
    """A clinic's own clocks from ``immediate.backup=3,urgent.everyone=45``, in minutes.

    Raises InvalidInput for a clock that is not there, no whole number of minutes above 0, or
    longer than the protocol's. A step without a time of its own may be given one.
    """
    found: dict[tuple[AlertLevel, str], timedelta] = {}
    for part in filter(None, (each.strip() for each in written.split(","))):
        name, _, count = part.partition("=")
        level, _, step = name.strip().partition(".")
        if level not in list(AlertLevel) or step not in STEPS:
            raise InvalidInput(name, "is no clock of an alert.", "Write LEVEL.STEP=MINUTES.")
        if not count.strip().isdecimal() or int(count) == 0:
            raise InvalidInput(name, f"{count!r} is no time.", "Give minutes, such as 5.")
        known, own = getattr(CLOCKS[AlertLevel(level)], step), timedelta(minutes=int(count))
        if isinstance(known, timedelta) and own > known:
            most = int(known.total_seconds() // 60)
            raise InvalidInput(name, "is longer than the protocol's.", f"Give {most} or fewer.")
        found[AlertLevel(level), step] = own
    return MappingProxyType(found)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The clinic's calendar. weekdays: Monday is 0. morning: when a working day starts."""

    zone: ZoneInfo
    weekdays: frozenset[int] = frozenset(range(5))
    morning: time = time(8)

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            raise InvalidInput("weekdays", "are not days of a week.", "Give some of 0 to 6.")
        if self.morning.tzinfo is not None:
            raise InvalidInput("morning", "has a zone of its own.", "Give the local time alone.")

    def working_morning(self, after: datetime, number: int) -> datetime:
        """The `number`-th working morning strictly after an instant, in UTC."""
        today = after.astimezone(self.zone).date()
        days = (today + timedelta(days=ahead) for ahead in count())
        working = (day for day in days if day.weekday() in self.weekdays and self._comes(day))
        mornings = (self._instant(day, self.morning) for day in working)
        return next(islice((each for each in mornings if each > after), number - 1, None))

    def day_end(self, at: datetime) -> datetime:
        """The local midnight that ends the day of an instant, in UTC."""
        tomorrow = at.astimezone(self.zone).date() + timedelta(days=1)
        return self._instant(tomorrow, time())

    def _comes(self, day: date) -> bool:
        """Not a day that a zone left out when it crossed the date line (Apia, 30 Dec 2011)."""
        return self._instant(day, self.morning).astimezone(self.zone).date() == day

    def _instant(self, day: date, local: time) -> datetime:
        return datetime.combine(day, local, self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class DueTimes:
    """When each step falls due, in UTC; None where no instant is set.

    A review's disposition has no instant: the next dose waits for it.
    """

    backup_due_at: datetime | None
    everyone_due_at: datetime | None
    first_contact_due_at: datetime | None
    disposition_due_at: datetime | None


def due_times(
    level: AlertLevel,
    raised_at: datetime,
    hours: WorkingHours,
    shorter: Shorter = MappingProxyType({}),
) -> DueTimes:
    """The instants that an alert's clocks run out; of a shortened clock the earlier instant.

    "2 working days" is the second working morning, the earliest reading of it. "Same day" ends
    at local midnight, however late the alert came. Nobody is told before the backup is.
    """
    if raised_at.tzinfo is None:
        raise InvalidInput("raised_at", "has no time zone.", "Give an aware time.")
    at, clock = raised_at.astimezone(UTC), CLOCKS[level]

    def due(step: str) -> datetime | None:
        own = shorter.get((level, step))
        ends = (_due_at(getattr(clock, step), at, hours), at + own if own else None)
        return min((end for end in ends if end is not None), default=None)

    backup, everyone = due("backup"), due("everyone")
    return DueTimes(
        backup_due_at=min(backup, everyone) if backup and everyone else backup,
        everyone_due_at=everyone,
        first_contact_due_at=due("first_contact"),
        disposition_due_at=due("disposition"),
    )


def _due_at(due: Due | None, at: datetime, hours: WorkingHours) -> datetime | None:
    if isinstance(due, timedelta):
        return at + due
    if due is NamedTime.SAME_DAY:
        return hours.day_end(at)
    if due is NamedTime.NEXT_WORKING_MORNING:
        return hours.working_morning(at, 1)
    return hours.working_morning(at, 2) if due is NamedTime.TWO_WORKING_DAYS else None
