"""What was charted while nothing could be written: kept in memory, and judged all the same.

It is on no record: whoever charted it was told so, and sends it again. Until then its alarms stand
on every screen that this process feeds.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from clinic.dosing import alarms, hub, lines
from clinic.dosing.kinds import Chart, Placed, core_event
from clinic.dosing.models import DosingSession, RaisedAlarm
from kapstone.errors import InvalidInput
from kapstone.monitoring.alarms import Alarm

KEPT_FOR = timedelta(minutes=30)
MOST = 100  # of one session

_held: dict[UUID, dict[UUID, "Held"]] = defaultdict(dict)
_refused_since: dict[UUID, datetime] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Held:
    """One event that was refused by the database, and when."""

    chart: Chart
    at: datetime


def hold(session: DosingSession, chart: Chart, at: datetime) -> None:
    """A database did not take this event."""
    with _lock:
        held = _held[session.pk]
        held[chart.id] = Held(chart, at)
        _refused_since.setdefault(session.pk, at)
        while len(held) > MOST:
            del held[next(iter(held))]
    hub.wake(session.pk, hub.NO_LINE)


def drop(session_id: UUID, event_id: UUID) -> None:
    """It is on record now."""
    with _lock:
        if session_id in _held:
            _held[session_id].pop(event_id, None)


def standing(
    session: DosingSession, known: lines.Known, raised: Iterable[RaisedAlarm], now: datetime
) -> tuple[Alarm, ...]:
    """The alarms that stand and that no row holds yet, the hardest first."""
    on_record = {(row.rule, row.band, row.tier) for row in raised}
    folded = known.folded
    held = _still_held(session, known, now)
    for number, one in enumerate(held, start=known.number + 1):
        try:
            event = core_event(
                one.chart.kind, one.chart.body, Placed(number, one.chart.observed_at)
            )
        except InvalidInput:  # not possible, disk or no disk
            continue
        folded = folded.then([event] if event else [])
    newest = max((known.newest_at or now, now, *(one.at for one in held)))
    return tuple(one for one in folded.alarms(newest) if alarms.key_of(one) not in on_record)


def _still_held(session: DosingSession, known: lines.Known, now: datetime) -> list[Held]:
    """A commit whose answer was lost may be on disk after all."""
    with _lock:
        held = [one for one in _held.get(session.pk, {}).values() if now - one.at < KEPT_FOR]
    charted = {row.pk for row in known.rows} if held else set()
    return [one for one in held if one.chart.id not in charted]


def refused_since() -> dict[UUID, datetime]:
    """Sessions for which something was refused that the line was not told of, and since when."""
    with _lock:
        return dict(_refused_since)


def told(session_ids: Iterable[UUID]) -> None:
    """Their lines say from when until when nothing was taken."""
    with _lock:
        for session_id in session_ids:
            _refused_since.pop(session_id, None)
