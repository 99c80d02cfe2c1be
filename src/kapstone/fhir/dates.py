"""FHIR dates, which may stop at the year, as moments that keep how exact they were.

Source: HL7 FHIR R4 4.0.1, Data Types, section 2.24.0.1 (date, dateTime, instant).
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from kapstone.errors import InvalidInput

EARLIEST_YEAR = 1900  # an older year is a slip of the pen; it is listed and never used

_FORM = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(T(?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)(\.\d+)?)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)


class Precision(StrEnum):
    """How exact a date was written."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class When:
    """A date as written. `earliest` is the first moment it can mean, in UTC.

    A date or a time without a zone is read as UTC; it can be off by up to 14 h.
    """

    text: str
    precision: Precision
    earliest: datetime

    @property
    def day(self) -> date | None:
        """The calendar day as written, where the day was written."""
        if self.precision in (Precision.YEAR, Precision.MONTH):
            return None
        return date.fromisoformat(self.text[:10])

    @property
    def plausible(self) -> bool:
        """Whether the year can belong to a living person's record."""
        return self.earliest.year >= EARLIEST_YEAR


def read_when(path: str, text: str) -> When:
    """A FHIR date or dateTime. Raises InvalidInput for what is no date of the calendar."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise InvalidInput(path, "is not a FHIR date.", "Write YYYY, YYYY-MM or YYYY-MM-DD.")
    part = found.groupdict(default="")
    try:
        moment = datetime(
            int(part["year"]),
            int(part["month"] or 1),
            int(part["day"] or 1),
            int(part["hour"] or 0),
            int(part["minute"] or 0),
            min(int(part["second"] or 0), 59),  # a leap second is written 60
            tzinfo=UTC,
        )
        earliest = moment - _offset(part["zone"])
    except (ValueError, OverflowError) as error:
        raise InvalidInput(path, "is not a date of the calendar.") from error
    return When(text, _precision(part), earliest)


def _precision(part: dict[str, str]) -> Precision:
    if part["hour"]:
        return Precision.TIME
    if part["day"]:
        return Precision.DAY
    return Precision.MONTH if part["month"] else Precision.YEAR


def _offset(zone: str) -> timedelta:
    if zone in ("", "Z"):
        return timedelta()
    size = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
    return size if zone[0] == "+" else -size
