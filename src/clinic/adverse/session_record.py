"""The record of one session on paper: everything charted, each correction visible."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic.adverse import monitoring, queries
from clinic.dosing import leaving, opened, stretches, words
from clinic.dosing import lines as known
from clinic.dosing import queries as sessions
from clinic.dosing.kinds import SOURCE
from clinic.dosing.models import AlarmStep, DischargeStep, DosingSession, RaisedAlarm, SessionEvent
from clinic.dosing.opened import Opening
from kapstone.monitoring import moaas
from kapstone.monitoring.events import DOSE_KINDS, Kind

ANSWERS = ("seen", "resolved")


@dataclass(frozen=True, slots=True)
class Charted:
    """One line. replaced_by: the line that corrects it; then this one is struck.

    clock: that the console's own clock was far off, in words. marked_by: says that what was
    measured was not the person's own.
    """

    row: SessionEvent
    words: str
    clock: str
    replaced_by: SessionEvent | None
    marked_by: SessionEvent | None

    @property
    def by_words(self) -> str:
        """Who charted it, or what it came from where nobody did."""
        return self.row.by.name if self.row.by else str(self.row.body.get(SOURCE, "a device"))


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
    line = known.read(session)
    rows = line.rows
    asked = monitoring.is_asked(session)
    readiness, wording = leaving.readiness(session, now), leaving.wording(session)
    return {
        "patient": session.patient,
        "session": session,
        "now": now,
        "lines": list(_lines(rows)),
        "moaas": moaas.scale(),
        "streamed": sum(one.kind is Kind.SAMPLE for one in line.events),
        "marked": stretches.count(line),
        "doses": [
            (row, words.of(row)) for row in sessions.standing_rows(session) if row.kind in _GIVEN
        ],
        "given": sessions.given(session),
        "alarms": [_called(alarm) for alarm in _alarms(session)],
        "steps_opened": [_opened(one) for one in opened.history(sessions.standing_rows(session))],
        "criteria": [
            (row, wording[row.id], words.judged_by(row.because)) for row in readiness.rows
        ],
        "steps": (steps := list(session.discharge_steps.select_related("by").order_by("pk"))),
        "step_rows": _step_rows(steps, {row.id: row.title for row in readiness.rows}),
        "departure": queries.departure(session),
        "events": [queries.shown(event) for event in queries.of_session(session)],
        "sheet": monitoring.sheet(session, now) if asked else None,
    }


def _opened(one: Opening) -> tuple[Opening, list[tuple[int, SessionEvent]], str]:
    """Steps that were open, those done by their place, and how they were closed."""
    end = words.OUTCOMES.get(str(one.closed.body["outcome"]), "") if one.closed else ""
    return one, sorted(one.ticks.items()), end


_GIVEN = frozenset({*map(str, DOSE_KINDS), *words.PARTS, "deviation", "rescue", "mouth"})


def _lines(rows: tuple[SessionEvent, ...]) -> Iterator[Charted]:
    """In the order in which it was charted. A device's stream is counted, not listed."""
    corrections = {row.replaces_id: row for row in rows if row.replaces_id is not None}
    marks = {
        row.body["marks"]: row for row in rows if "marks" in row.body and row.pk not in corrections
    }
    for row in rows:
        mended, marked = corrections.get(row.pk), marks.get(row.number)
        yield Charted(row, words.of(row), words.clock_of(row), mended, marked)


def _step_rows(
    steps: list[DischargeStep], titles: dict[str, str]
) -> list[tuple[str, list[tuple[DischargeStep, str]]]]:
    """Each criterion by its title, with how it stood at each step."""
    ids = dict.fromkeys(rule for step in steps for rule in step.criteria)
    return [
        (
            f"{rule} {titles.get(rule, '')}",
            [(step, step.criteria.get(rule, "not asked")) for step in steps],
        )
        for rule in ids
    ]


def _alarms(session: DosingSession) -> list[RaisedAlarm]:
    return list(session.alarms.prefetch_related("steps__by").order_by("raised_at", "tier"))


def _called(alarm: RaisedAlarm) -> Called:
    steps = sorted(alarm.steps.all(), key=lambda step: step.at)
    first = next((step for step in steps if step.kind in ANSWERS), None)
    after = first.at - alarm.raised_at if first else None
    return Called(alarm, first, after, tuple(steps))
