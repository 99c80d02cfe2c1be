"""Alarms about age: from the dose on, a number too old to show and a device gone silent both call.

Their rows stand in alarms.json beside the others; the ages in schedules.json. A reading that a
person has marked as an artefact does not count as one of the person.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from kapstone.monitoring.alarms import Alarm, AlarmRow, alarm_of, alarm_rows
from kapstone.monitoring.moments import utc
from kapstone.monitoring.schedules import CHANNELS, Dose, Schedule, late, stale_after
from kapstone.monitoring.vitals import Reading


def too_old(
    schedule: Schedule, dose: Dose, readings: Sequence[Reading], now: datetime
) -> Iterator[Alarm]:
    """One alarm for each channel and source whose last value may no longer be shown.

    What was never charted has no age; it is due, and missed. Source: reliability goal G9, mark P.
    """
    moment = utc("now", now)
    last = _last_of(one for one in readings if not one.artefact and one.observed_at <= moment)
    for row in alarm_rows():
        for trigger in row.triggers:
            if trigger.too_old is not None:
                old = {
                    name: _ends(schedule, dose, last[name], name)
                    for name in CHANNELS[trigger.too_old.channel]
                    if name in last and last[name].streamed is trigger.too_old.streamed
                }
                yield from _old(row, {name: at for name, at in old.items() if moment > at}, last)


def _ends(schedule: Schedule, dose: Dose, one: Reading, name: str) -> datetime:
    """When a value calls. One by hand from before the drug: once the plan's first is missed."""
    ends = one.observed_at + stale_after(schedule, dose, one, name)
    if one.streamed:
        return ends
    return max(ends, dose.start + late())


def _last_of(readings: Iterable[Reading]) -> dict[str, Reading]:
    """The last reading of each parameter, in one pass: a stream has thousands."""
    last: dict[str, Reading] = {}
    for one in readings:
        for name in one.values:
            known = last.get(name, one)
            if (one.observed_at, one.number) >= (known.observed_at, known.number):
                last[name] = one
    return last


def _old(
    row: AlarmRow, ended: Mapping[str, datetime], last: Mapping[str, Reading]
) -> Iterator[Alarm]:
    if ended:
        since = min(ended.values())
        because = {name: last[name].observed_at.isoformat() for name in ended}
        yield alarm_of(row, since, since, because)
