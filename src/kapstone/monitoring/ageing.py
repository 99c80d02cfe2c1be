"""Alarms about age: from the dose on, a number too old to show and a device gone silent both call.

Their rows stand in alarms.json beside the others; the ages in schedules.json. A reading that a
person has marked as an artefact does not count as one of the person, so that marks may begin such
an alarm. They end none: what would call without them calls with them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from kapstone.monitoring.alarms import Alarm, AlarmRow, alarm_of, alarm_rows
from kapstone.monitoring.moments import utc
from kapstone.monitoring.readings import Readings
from kapstone.monitoring.schedules import CHANNELS, Dose, Schedule, late, stale_after
from kapstone.monitoring.triggers import Ageing
from kapstone.monitoring.vitals import Reading


def too_old(schedule: Schedule, dose: Dose, readings: Readings, now: datetime) -> Iterator[Alarm]:
    """One alarm for each channel and source whose last value may no longer be shown.

    What was never charted has no age; it is due, and missed. Source: reliability goal G9, mark P.
    """
    moment = utc("now", now)
    line = readings.until(moment)
    both = line.last(), line.last_of_the_person()
    for row in alarm_rows():
        for trigger in row.triggers:
            if trigger.too_old is not None:
                ended = (_ended(schedule, dose, last, trigger.too_old) for last in both)
                listed = [one for each in ended for one in each if moment > one[1]]
                yield from _old(row, listed)


def _ended(
    schedule: Schedule, dose: Dose, last: Mapping[str, Reading], asked: Ageing
) -> Iterator[tuple[str, datetime, Reading]]:
    """When each value of a channel and source calls."""
    for name in CHANNELS[asked.channel]:
        one = last.get(name)
        if one is not None and one.streamed is asked.streamed:
            yield name, _ends(schedule, dose, one, name), one


def _ends(schedule: Schedule, dose: Dose, one: Reading, name: str) -> datetime:
    """When a value calls. One by hand from before the drug: once the plan's first is missed."""
    ends = one.observed_at + stale_after(schedule, dose, one, name)
    if one.streamed:
        return ends
    return max(ends, dose.start + late())


def _old(row: AlarmRow, ended: Sequence[tuple[str, datetime, Reading]]) -> Iterator[Alarm]:
    if ended:
        since = min(ends for _, ends, _ in ended)
        because = {name: one.observed_at.isoformat() for name, _, one in ended}
        yield alarm_of(row, since, since, because)
