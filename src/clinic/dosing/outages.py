"""When the clinic was down: told on the line of every session that was live, once it is back.

Down is whatever kept the loop from its work: no server, no database, or one that took nothing.
The loop's own beat is the measure, since it is written all the time and by nobody else.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from time import monotonic
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction

from clinic.alerts import beats
from clinic.dosing import actions, lines, queries, unwritten
from clinic.dosing.kinds import OUTAGE, Chart
from clinic.dosing.models import DosingSession, SessionEvent
from kapstone.monitoring.events import Kind

JOB = "note when the clinic was down"
# A beat comes every 5 s. One that is a few seconds late is a busy machine and no gap. Mark P.
LATE = beats.BEAT_EVERY + timedelta(seconds=5)
SHORTEST_AT_START = timedelta(seconds=1)


class Outages:
    """Writes the gaps of one process. Its first turn tells of the time without a server too."""

    def __init__(self) -> None:
        self._longest = SHORTEST_AT_START

    def note(self, now: datetime) -> int:
        """One turn of the loop; on how many lines a gap was written."""
        began_s = monotonic()
        last = beats.LoopBeat.objects.filter(job=JOB).values_list("last_ok_at", flat=True).first()
        now += timedelta(seconds=monotonic() - began_s)  # a frozen database holds up this very read
        refused = unwritten.refused_since()
        silent = last if last is not None and now - last > self._longest else None
        written = _tell(silent, refused, now) if silent or refused else ()
        unwritten.told(refused)
        self._longest = LATE
        return len(written)


@transaction.atomic
def _tell(
    silent: datetime | None, refused: Mapping[UUID, datetime], until: datetime
) -> list[SessionEvent]:
    """On all lines or on none: tried again, one that has it would be told of another end."""
    return [
        _chart(session, since, until)
        for session in queries.live_sessions(until)
        if (since := min(filter(None, (silent, refused.get(session.pk))), default=None))
        and session.opened_at <= since
    ]


def _chart(session: DosingSession, since: datetime, until: datetime) -> SessionEvent:
    told = {"since": since.isoformat(), "until": until.isoformat()}
    event_id = uuid5(NAMESPACE_OID, f"{session.pk} {since.isoformat()}")
    chart = Chart(event_id, OUTAGE, until, told)
    return actions.record(session=session, chart=chart, by=None, at=until)


def unlooked(known: lines.Known) -> SessionEvent | None:
    """The last gap, until vital signs are charted that were true after it."""
    last = next((row for row in reversed(known.rows) if row.kind == OUTAGE), None)
    if last is None:
        return None
    later = known.since(last.number)
    seen = any(
        kind in (Kind.VITALS, Kind.SAMPLE) and at >= last.observed_at for _, kind, at in later
    )
    return None if seen else last
