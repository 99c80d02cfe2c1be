"""When the clinic was down: told on the line of every session that was live, once it is back.

Down is whatever kept the loop from its work: no server, no database, or one that took nothing.
The loop's own beat is the measure, since it is written all the time and by nobody else.
"""

from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from django.db import transaction

from clinic.alerts import beats
from clinic.dosing import actions, lines, queries
from clinic.dosing.kinds import OUTAGE, SOURCE, Chart
from clinic.dosing.models import SessionEvent
from kapstone.monitoring.events import Kind

JOB = "note when the clinic was down"
# A beat comes every 5 s. One that is a few seconds late is a busy machine and no gap. Mark P.
LATE = beats.BEAT_EVERY + timedelta(seconds=5)
SHORTEST_AT_START = timedelta(seconds=2)


class Outages:
    """Writes the gaps of one process. Its first turn tells of the time without a server too."""

    def __init__(self) -> None:
        self._longest = SHORTEST_AT_START

    def note(self, now: datetime) -> int:
        """One turn of the loop; on how many lines a gap was written."""
        last = beats.LoopBeat.objects.filter(job=JOB).values_list("last_ok_at", flat=True).first()
        told = _tell(last, now) if last is not None and now - last > self._longest else 0
        self._longest = LATE
        return told


@transaction.atomic
def _tell(since: datetime, until: datetime) -> int:
    """On all lines or on none: tried again, one that has it would be told of another end."""
    held = [one for one in queries.live_sessions(until) if one.opened_at <= since]
    for session in held:
        told = {"since": since.isoformat(), "until": until.isoformat(), SOURCE: "the clinic"}
        event_id = uuid5(NAMESPACE_OID, f"{session.pk} {since.isoformat()}")
        actions.record(
            session=session, chart=Chart(event_id, OUTAGE, until, told), by=None, at=until
        )
    return len(held)


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
