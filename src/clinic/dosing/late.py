"""Readings that arrive late: judged at the moment they were true, and told now.

What waited on a console that was offline, or was written on paper first, may have called somebody
at its time and no longer shows. Nobody heard that alarm: it is raised on arrival, with both times,
and stands until a person answers it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from clinic.dosing import lines
from clinic.dosing.models import AlarmStepKind, RaisedAlarm, SessionEvent
from clinic.dosing.words import clock
from kapstone.monitoring.alarms import Alarm, alarm_rows
from kapstone.monitoring.events import Event, Kind
from kapstone.monitoring.session import Folded

LATE_AFTER = timedelta(minutes=1)  # as long as a value of a person's own may take. Ours, mark P
LOOKED_AT_MOST = 12  # later readings, each of which may have made an alarm of it
# Of a silence, which no reading that arrives late can have been.
OF_AGE = {row.rule for row in alarm_rows() if any(each.too_old for each in row.triggers)}
ANSWERED = {AlarmStepKind.SEEN, AlarmStepKind.RESOLVED}


def is_late(row: SessionEvent) -> bool:
    """Whether it was charted long after it was true."""
    return row.recorded_at - row.observed_at > LATE_AFTER


def would_have_called(
    line: lines.Known, row: SessionEvent, standing: Iterable[Alarm]
) -> Iterator[Alarm]:
    """What a late event would have raised at its own time, or together with what came after it.

    standing: what calls now, which is raised in any case. Beside what people charted: a device's
    samples are thousands, and were judged as they came.
    """
    charted = [one for one in line.events if one.kind is not Kind.SAMPLE] if is_late(row) else []
    without = [one for one in charted if one.number != row.number]
    if len(charted) == len(without):
        return
    known = {_key(alarm) for alarm in standing}
    for moment in _moments(without, row):
        calm = {_key(one) for one in _alarms(line, without, moment)}
        for alarm in _alarms(line, charted, moment):
            if alarm.rule not in OF_AGE and _key(alarm) not in calm | known:
                known.add(_key(alarm))
                yield alarm


def _alarms(line: lines.Known, events: Sequence[Event], moment: datetime) -> tuple[Alarm, ...]:
    """As they stood at a moment, of what was true by then."""
    told = (one for one in events if one.observed_at <= moment)
    return Folded.of(line.folded.schedule, told).alarms(moment)


def _moments(others: Sequence[Event], row: SessionEvent) -> list[datetime]:
    """Its own, and those of the readings after it."""
    read = {one.observed_at for one in others if one.reading() is not None}
    after = sorted(moment for moment in read if row.observed_at < moment <= row.recorded_at)
    return [row.observed_at, *after[:LOOKED_AT_MOST]]


def _key(alarm: Alarm) -> tuple[str, str, str]:
    return alarm.rule, alarm.band or "", str(alarm.tier)


def came_late(alarm: RaisedAlarm) -> bool:
    """Whether an alarm was raised by the arrival of an event that was true long before."""
    return alarm.raised_at == alarm.event.recorded_at and is_late(alarm.event)


def unanswered(alarm: RaisedAlarm) -> bool:
    """Whether it came late and nobody has answered: the readings of now do not end it."""
    if not came_late(alarm):
        return False
    return not any(step.kind in ANSWERED for step in alarm.steps.all())


def words(alarm: RaisedAlarm) -> str:
    """Both times of one that came late; nothing of another."""
    if not came_late(alarm):
        return ""
    return f"true at {clock(alarm.event.observed_at)}, arrived {clock(alarm.raised_at)}"
