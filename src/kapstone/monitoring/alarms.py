"""Alarms in an open session: the rows of alarms.json judged on what was charted.

An alarm is raised by the first reading, unless its row asks for a count or a duration. It stands
while the last reading still says so, however old that is; a latching one stands until a person
resolves it. A secondary display: it replaces no bedside monitor. Source: protocol 6.2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import groupby
from operator import itemgetter

from kapstone.monitoring.fields import Fields, table
from kapstone.monitoring.moments import utc
from kapstone.monitoring.runs import Moment, can_hold, watch
from kapstone.monitoring.triggers import Trigger, trigger_from
from kapstone.monitoring.vitals import Reading, Symptom, Value, in_order


class Tier(StrEnum):
    """How hard an alarm calls: A1 the nurse, A2 the prescriber now, A3 emergency."""

    A1 = "A1"
    A2 = "A2"
    A3 = "A3"


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One rule at one tier. band tells two rows of one rule and tier apart.

    hazard: what befalls a person if nobody hears it. hazard_log: the rows of docs/hazards.toml that
    it helps to hold.
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

    @property
    def key(self) -> tuple[str, str | None]:
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


def evaluate(
    readings: Sequence[Reading],
    baseline: Mapping[str, Decimal],
    symptoms: Sequence[Symptom],
    now: datetime,
    resolved: Mapping[tuple[str, str | None], datetime] | None = None,
    began: Began | None = None,
) -> tuple[Alarm, ...]:
    """The alarms that stand at `now`: of each rule and band the highest tier, hardest first.

    What was observed after `now` is left out. resolved: when a person last resolved a rule and
    band; that lets go of the latch and never of a condition that the last reading still shows.
    began: the dose, for the rows that count from it. The rows about age are judged in `ageing`.
    """
    end = utc("now", now)
    line = in_order(r for r in readings if r.observed_at <= end)
    by_name: dict[str, list[Reading]] = {}
    for one in line:
        for name in one.values:
            by_name.setdefault(name, []).append(one)
    charted = [s for s in symptoms if s.observed_at <= end]
    standing: dict[tuple[str, str | None], Alarm] = {}
    for row in alarm_rows():
        watched = [
            (trigger, _carrying(trigger, line, by_name, began))
            for trigger in row.triggers
            if trigger.too_old is None
        ]
        if not any(can_hold(trigger, on, baseline, charted) for trigger, on in watched):
            continue
        moments = _moments(watched, baseline, charted)
        alarm = _standing(row, moments, (resolved or {}).get(row.key))
        if alarm:
            before = standing.get(row.key, alarm)
            standing[row.key] = max(before, alarm, key=lambda one: one.tier)
    return tuple(sorted(standing.values(), key=lambda one: one.tier, reverse=True))


def _carrying(
    trigger: Trigger,
    readings: Sequence[Reading],
    by_name: Mapping[str, Sequence[Reading]],
    began: Began | None,
) -> Sequence[Reading]:
    """The readings that carry one of a trigger's parameters, from when it is no longer silent."""
    if trigger.after:
        from_then = None if began is None else began.at + trigger.after[began.route]
        readings = [one for one in readings if from_then and one.observed_at > from_then]
        asked = {one.parameter for one in trigger.when}
        return [one for one in readings if not asked.isdisjoint(one.values)]
    names = {one.parameter for one in trigger.when} & by_name.keys()
    if not names:
        return ()
    first, *others = names
    if not others:  # most ask of one, and its readings are at hand
        return by_name[first]
    return [one for one in readings if not names.isdisjoint(one.values)]


def _moments(
    watched: Sequence[tuple[Trigger, Sequence[Reading]]],
    baseline: Mapping[str, Decimal],
    symptoms: Sequence[Symptom],
) -> list[Moment]:
    """The row along the line: at each moment, whether any of its triggers holds.

    A reading is judged by all of them before the row is: what one saw before would else outlast
    the reading that ended it.
    """
    found = [
        (moment.order, place, moment)
        for place, (trigger, readings) in enumerate(watched)
        for moment in watch(trigger, readings, baseline, symptoms)
    ]
    holding: dict[int, Moment] = {}
    merged = []
    for order, judged in groupby(sorted(found, key=itemgetter(0)), key=itemgetter(0)):
        holding |= {place: moment for _, place, moment in judged}
        true = [one for one in holding.values() if one.holds]
        because = {key: value for one in true for key, value in one.because.items()}
        merged.append(Moment(order, bool(true), because))
    return merged


def _standing(row: AlarmRow, moments: Sequence[Moment], resolved: datetime | None) -> Alarm | None:
    started: Moment | None = None
    last: Moment | None = None
    for moment in moments:
        if moment.holds:
            started, last = started or moment, moment
        elif last and not (row.latching and (resolved is None or last.observed_at > resolved)):
            started = last = None
    if started is None or last is None:
        return None
    return alarm_of(row, started.observed_at, last.observed_at, last.because)


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
