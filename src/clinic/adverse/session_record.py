"""The record of one session on paper: everything charted, each correction visible."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic.adverse import monitoring, queries
from clinic.dosing import leaving, words
from clinic.dosing import lines as known
from clinic.dosing import queries as sessions
from clinic.dosing.models import AlarmStep, DosingSession, RaisedAlarm, SessionEvent
from kapstone.monitoring import moaas
from kapstone.monitoring.events import DOSE_KINDS

ANSWERS = ("seen", "resolved")


@dataclass(frozen=True, slots=True)
class Charted:
    """One line. replaced_by: the line that corrects it; then this one is struck.

    clock: that the console's own clock was far off, in words.
    """

    row: SessionEvent
    words: str
    clock: str
    replaced_by: SessionEvent | None


@dataclass(frozen=True, slots=True)
class Called:
    """An alarm: who answered it first and after how long, and how it ended."""

    alarm: RaisedAlarm
    answered: AlarmStep | None
    after: timedelta | None
    steps: tuple[AlarmStep, ...]

    @property
    def after_words(self) -> str:
        """How long nobody answered."""
        if self.after is None:
            return "nobody answered"
        minutes, seconds = divmod(int(self.after.total_seconds()), 60)
        return f"{minutes} min {seconds:02d} s"


def of(session: DosingSession, now: datetime) -> dict[str, object]:
    """Everything that the paper says."""
    rows = known.read(session).rows
    asked = monitoring.is_asked(session)
    readiness, wording = leaving.readiness(session, now), leaving.wording(session)
    return {
        "patient": session.patient,
        "session": session,
        "now": now,
        "lines": list(_lines(rows)),
        "moaas": moaas.scale(),
        "streamed": sum(row.kind == "sample" for row in rows),
        "doses": [
            (row, words.of(row)) for row in sessions.standing_rows(session) if row.kind in _GIVEN
        ],
        "given": sessions.given(session),
        "alarms": [_called(alarm) for alarm in _alarms(session)],
        "criteria": [
            (row, wording[row.id], words.judged_by(row.because)) for row in readiness.rows
        ],
        "steps": session.discharge_steps.select_related("by").order_by("pk"),
        "departure": queries.departure(session),
        "events": [queries.shown(event) for event in queries.of_session(session)],
        "sheet": monitoring.sheet(session, now) if asked else None,
    }


_GIVEN = frozenset({*map(str, DOSE_KINDS), *words.PARTS, "deviation", "rescue"})


def _lines(rows: tuple[SessionEvent, ...]) -> Iterator[Charted]:
    """In the order in which it was charted. A device's stream is counted, not listed."""
    corrections = {row.replaces_id: row for row in rows if row.replaces_id is not None}
    for row in rows:
        if row.kind != "sample":
            yield Charted(row, words.of(row), words.clock_of(row), corrections.get(row.pk))


def _alarms(session: DosingSession) -> list[RaisedAlarm]:
    return list(session.alarms.prefetch_related("steps__by").order_by("raised_at", "tier"))


def _called(alarm: RaisedAlarm) -> Called:
    steps = sorted(alarm.steps.all(), key=lambda step: step.at)
    first = next((step for step in steps if step.kind in ANSWERS), None)
    after = first.at - alarm.raised_at if first else None
    return Called(alarm, first, after, tuple(steps))
