"""Readings that arrive late: judged at the moment they were true, and told now.

What waited on a console that was offline or with a monitor, or was written on paper first, may have
called somebody at its time and no longer shows. Nobody heard that alarm: it is raised on arrival,
with both times, and stands until a person answers it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from clinic.dosing import lines
from clinic.dosing.models import AlarmStepKind, RaisedAlarm, SessionEvent
from clinic.dosing.words import clock
from kapstone.monitoring.alarms import Alarm
from kapstone.monitoring.events import Kind
from kapstone.monitoring.judging import Judged
from kapstone.monitoring.readings import Readings
from kapstone.monitoring.session import Folded
from kapstone.monitoring.streams import stream_figure

LATE_AFTER = timedelta(minutes=1)  # as long as a value of a person's own may take. Ours, mark P
ANSWERED = {AlarmStepKind.SEEN, AlarmStepKind.RESOLVED}
Missed = tuple[SessionEvent, Alarm]


def is_late(row: SessionEvent) -> bool:
    """Whether it was charted long after it was true."""
    return row.recorded_at - row.observed_at > LATE_AFTER


def missed(line: lines.Known, row: SessionEvent, standing: Iterable[Alarm]) -> Iterator[Alarm]:
    """What a late event would have called at its own time, or together with what came after it.

    standing: what calls now, which is raised in any case. Beside what people charted: a device's
    samples were judged as they came.
    """
    if is_late(row):
        charted = [one for one in line.events if one.kind is not Kind.SAMPLE]
        with_it, without = (
            Folded.of(line.folded.schedule, told).judged
            for told in (charted, [one for one in charted if one.number != row.number])
        )
        called = _at_their_time(without, with_it, [row])
        yield from (alarm for _, alarm in _new({_key(one) for one in standing}, called))


def missed_samples(
    before: lines.Known, line: lines.Known, rows: Sequence[SessionEvent], standing: Iterable[Alarm]
) -> Iterator[Missed]:
    """What samples that came together called, each with the one that showed it, and call no more.

    before: the line without them. standing: as in `missed`. Of those that a newer one came before,
    only what shows something by itself is looked at: a clock that is slow makes thousands of them.
    """
    if _go_on(before, rows):
        called = _as_they_came(before, rows)
    else:
        gap = timedelta(seconds=stream_figure("lost_s"))
        late = [row for row in rows if row.recorded_at - row.observed_at > gap]
        without, with_them = before.folded.judged, line.folded.judged
        readings = filter(None, (one.reading() for one in lines.core_events(late)))
        shows = Judged.of(with_them.known, Readings.of(readings), ()).called
        called = _at_their_time(without, with_them, late) if shows else iter(())
    yield from _new({_key(one) for one in standing}, called)


def _go_on(before: lines.Known, rows: Sequence[SessionEvent]) -> bool:
    """Whether each of them is newer than all before it."""
    moments = [before.folded.newest[0]] if before.folded.newest else []
    moments += [row.observed_at for row in rows]
    return all(one < other for one, other in pairwise(moments))


def _as_they_came(before: lines.Known, rows: Sequence[SessionEvent]) -> Iterator[Missed]:
    folded = before.folded
    for row in rows[:-1]:  # the last one's are those that stand
        calm = {_key(alarm) for alarm in folded.judged.standing()}
        folded = folded.then(lines.core_events([row]))
        yield from ((row, one) for one in folded.judged.standing() if _key(one) not in calm)


def _at_their_time(
    without: Judged, with_them: Judged, rows: Sequence[SessionEvent]
) -> Iterator[Missed]:
    """What these rows make of a line, at their moments and later, that it did not call without."""
    placed, calm = sorted(rows, key=_at), list(without.along())
    for moment, alarms in with_them.along():
        if alarms and (by := bisect_right(placed, moment, key=_at)):
            earlier = bisect_right(calm, moment, key=lambda one: one[0])
            known = {_key(one) for one in calm[earlier - 1][1]} if earlier else set()
            yield from ((placed[by - 1], one) for one in alarms if _key(one) not in known)


def _at(row: SessionEvent) -> datetime:
    return row.observed_at


def _new(known: set[tuple[str, str, str]], called: Iterable[Missed]) -> Iterator[Missed]:
    """Each alarm once, and none that is known."""
    for row, alarm in called:
        if _key(alarm) not in known:
            known.add(_key(alarm))
            yield row, alarm


def _key(alarm: Alarm) -> tuple[str, str, str]:
    return alarm.rule, alarm.band or "", str(alarm.tier)


def came_late(alarm: RaisedAlarm) -> bool:
    """Whether an alarm was raised by the arrival of an event that was true before."""
    arrived = alarm.raised_at == alarm.event.recorded_at
    return alarm.was_over or (arrived and is_late(alarm.event))


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
