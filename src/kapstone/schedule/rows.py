"""The rows of the schedule, read once from ``content.toml`` and frozen."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from kapstone.monitoring.moments import utc

CHECK_IN = "check_in"  # asked by staff in a call; everything else is an instrument's id


class Anchor(StrEnum):
    """What a row counts from."""

    REFERRAL = "referral"
    FIRST_DOSE = "first dose"
    EACH_DOSE = "each dose"
    LAST_INDUCTION_DOSE = "last induction dose"
    CALENDAR = "calendar"
    WISHED_DAY = "wished day"


class Way(StrEnum):
    """How the person is asked: a link that is sent, a sheet or link at a visit, staff who call."""

    LINK = "link"
    VISIT = "visit"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class Offset:
    """So long after an anchor: elapsed `hours`, or calendar `days` and an hour of that day."""

    hours: int | None = None
    days: int = 0
    at_h: int = 0

    def after(self, anchor: datetime, zone: ZoneInfo) -> datetime:
        """The moment, in UTC. An hour that a clock change leaves out is taken as before it."""
        if self.hours is not None:
            return utc("anchor", anchor) + timedelta(hours=self.hours)
        day = anchor.astimezone(zone).date() + timedelta(days=self.days)
        return utc("anchor", datetime.combine(day, time(self.at_h), zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing to be asked. closes None: open until the first dose.

    counts_from_days_before: an answer older than this before the first dose does not count.
    reset_by_dose: not asked where the next dose comes before it was due. every_months: repeated.
    """

    id: str
    title: str
    ask: tuple[str, ...]
    way: Way
    relative_to: Anchor
    opens: Offset
    due: Offset
    closes: Offset | None = None
    reset_by_dose: bool = False
    counts_from_days_before: int = 0
    every_months: int = 0
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Content:
    """One published version of the schedule."""

    version: str
    rows: tuple[Row, ...]
    sources: Mapping[str, str]

    def row(self, row_id: str) -> Row:
        """The row of an id that this release holds."""
        return next(row for row in self.rows if row.id == row_id)


@cache
def content() -> Content:
    """The schedule of this release."""
    text = files("kapstone.schedule").joinpath("content.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    for row in document["row"]:
        row.update({key: tuple(row[key]) for key in ("ask", "source")})
        row.update({key: Offset(**row[key]) for key in ("opens", "due", "closes") if key in row})
        row["way"], row["relative_to"] = Way(row["way"]), Anchor(row["relative_to"])
    return Content(
        version=document["version"],
        rows=tuple(Row(**row) for row in document["row"]),
        sources=document["sources"],
    )
