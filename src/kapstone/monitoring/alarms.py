"""Alarms in an open session: the rows of alarms.json, and an alarm that one of them calls.

`judging` says when they do. A secondary display: it replaces no bedside monitor. Source: protocol
6.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache

from kapstone.monitoring.fields import Fields, table
from kapstone.monitoring.triggers import Trigger, trigger_from
from kapstone.monitoring.vitals import Value

Key = tuple[str, str | None]  # rule and band: what one alarm on the screen is known by


class Tier(StrEnum):
    """How hard an alarm calls: A1 the nurse, A2 the prescriber now, A3 emergency."""

    A1 = "A1"
    A2 = "A2"
    A3 = "A3"


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One rule at one tier. band tells two rows of one rule and tier apart.

    hazard: what befalls a person if nobody hears it. hazard_log: the rows of docs/hazards.toml that
    it helps to hold. judged: the triggers that judge values and symptoms, and not their age.
    looks_at: the parameters and symptoms that those name.
    """

    rule: str
    band: str | None
    tier: Tier
    title: str
    action: str
    latching: bool
    hazard: str
    hazard_log: tuple[int, ...]
    pathway: str | None
    mark: str
    source: tuple[str, ...]
    triggers: tuple[Trigger, ...]
    judged: tuple[Trigger, ...] = field(init=False, repr=False)
    looks_at: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        judged = tuple(one for one in self.triggers if one.too_old is None)
        object.__setattr__(self, "judged", judged)
        named = (one.names | one.symptoms for one in judged)
        object.__setattr__(self, "looks_at", frozenset[str]().union(*named))

    @property
    def key(self) -> Key:
        """What one alarm on the screen is known by."""
        return self.rule, self.band


@dataclass(frozen=True, slots=True)
class Alarm:
    """A rule that calls now.

    since: when it began to. last: the newest moment that showed it. because: what that showed.
    """

    rule: str
    band: str | None
    tier: Tier
    title: str
    action: str
    latching: bool
    since: datetime
    last: datetime
    because: Mapping[str, Value | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Began:
    """When the dose began, in UTC, and by which route."""

    route: str
    at: datetime


@cache
def alarm_rows() -> tuple[AlarmRow, ...]:
    """The committed rows, in their order."""
    return tuple(_row(fields) for fields in table("alarms").children("alarms"))


def _row(fields: Fields) -> AlarmRow:
    return AlarmRow(
        rule=fields.text("rule"),
        band=fields.text("band") if fields.has("band") else None,
        tier=Tier(fields.text("tier")),
        title=fields.text("title"),
        action=fields.text("action"),
        latching=fields.flag("latching"),
        hazard=fields.text("hazard"),
        hazard_log=fields.integers("hazard_log"),
        pathway=fields.text("pathway") if fields.has("pathway") else None,
        mark=fields.text("mark"),
        source=fields.words("source"),
        triggers=tuple(trigger_from(child) for child in fields.children("triggers")),
    )


def alarm_of(
    row: AlarmRow, since: datetime, last: datetime, because: Mapping[str, Value | str]
) -> Alarm:
    """The alarm of a row that calls."""
    return Alarm(
        rule=row.rule,
        band=row.band,
        tier=row.tier,
        title=row.title,
        action=row.action,
        latching=row.latching,
        since=since,
        last=last,
        because=because,
    )
