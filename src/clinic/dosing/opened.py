"""Steps for an emergency that are open at a chair: since when, what was done, how they were closed.

An A2 or A3 alarm opens its steps by itself for as long as it stands, and an answer that a row names
does. What somebody opens or ticks stands on the line, and stays open until somebody closes it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from clinic.dosing.kinds import STEP_DONE, STEPS_CLOSED, STEPS_OPENED
from clinic.dosing.models import RaisedAlarm, SessionEvent
from kapstone.monitoring.alarms import Tier, alarm_rows
from kapstone.monitoring.events import Kind
from kapstone.monitoring.pathways import Pathway, pathways


@dataclass(slots=True)
class Opening:
    """One time that a row's steps were open. onset: from when its clock counts.

    opened: the line by which somebody opened it; None while only an alarm or an answer shows it.
    alarms: those that lead to it and stand. ticks: by the place of the step.
    """

    pathway_id: str
    title: str
    onset: datetime
    opened: SessionEvent | None = None
    alarms: tuple[RaisedAlarm, ...] = ()
    ticks: dict[int, SessionEvent] = field(default_factory=dict)
    closed: SessionEvent | None = None

    @property
    def row(self) -> Pathway | None:
        """The row of this release; None where it no longer holds it."""
        return by_id().get(self.pathway_id)


def by_id() -> dict[str, Pathway]:
    """Every row by its id."""
    return {one.id: one for one in pathways()}


def leads_to(alarm: RaisedAlarm) -> Pathway | None:
    """The steps that are drafted for an alarm."""
    key = (alarm.rule, alarm.band, alarm.tier)
    rows = {(one.rule, one.band or "", str(one.tier)): one.pathway for one in alarm_rows()}
    return by_id().get(rows.get(key) or "")


def history(rows: Iterable[SessionEvent]) -> list[Opening]:
    """Everything that was opened, ticked or closed, in the order in which it was charted.

    rows: those of the line that stand.
    """
    found: list[Opening] = []
    running: dict[str, Opening] = {}
    for row in sorted(rows, key=lambda row: row.number):
        if row.kind not in (STEPS_OPENED, STEP_DONE, STEPS_CLOSED):
            continue
        name = str(row.body["pathway"])
        if name not in running:
            onset = datetime.fromisoformat(str(row.body["onset"]))
            running[name] = Opening(name, str(row.body["title"]), onset, row)
            found.append(running[name])
        if row.kind == STEP_DONE:
            running[name].ticks.setdefault(int(str(row.body["step"])), row)
        elif row.kind == STEPS_CLOSED:
            running.pop(name).closed = row
    return found


def now_open(
    rows: Sequence[SessionEvent], alarms: Sequence[RaisedAlarm], *, tiers: Iterable[Tier] = ()
) -> list[Opening]:
    """What is open at the chair, the hardest first.

    rows: those of the line that stand. alarms: those that stand. tiers: whose alarms open their
    steps; without any, A2 and A3.
    """
    told = history(rows)
    running = {one.pathway_id: one for one in told if one.closed is None}
    wanted = {str(tier) for tier in tiers or (Tier.A2, Tier.A3)}
    for alarm in alarms:
        row = leads_to(alarm)
        if row is None or (alarm.tier not in wanted and row.id not in running):
            continue
        if row.id not in running and not _closed_since(told, row.id, alarm.raised_at):
            running[row.id] = Opening(row.id, row.title, onset_of(alarm, rows))
        if one := running.get(row.id):
            one.onset = one.onset if one.opened else min(one.onset, onset_of(alarm, rows))
            one.alarms += (alarm,)
    for row, answer in _answered(rows):
        if row.id not in running and not _closed_since(told, row.id, answer.recorded_at):
            running[row.id] = Opening(row.id, row.title, answer.observed_at)
    tier = {one.id: str(one.tier) for one in pathways()}
    return sorted(running.values(), key=lambda one: tier.get(one.pathway_id, ""), reverse=True)


def onset_of(alarm: RaisedAlarm, rows: Iterable[SessionEvent]) -> datetime:
    """When what an alarm calls about was true; where its line was corrected, when it was raised."""
    lines = (row.observed_at for row in rows if row.pk == alarm.event_id)
    return min(next(lines, alarm.raised_at), alarm.raised_at)


def _answered(rows: Iterable[SessionEvent]) -> Iterator[tuple[Pathway, SessionEvent]]:
    """The rows that the last answer to their question opens."""
    screens = [row for row in rows if row.kind == Kind.SCREENER]
    for one in pathways():
        for key in one.charted:
            told = [row for row in screens if key in row.body]
            if told and told[-1].body[key] is True:
                yield one, told[-1]


def _closed_since(told: Iterable[Opening], pathway_id: str, at: datetime) -> bool:
    """Whether they were closed after a moment: what was there before opens them no more."""
    ends = (one.closed for one in told if one.pathway_id == pathway_id)
    return any(row is not None and row.recorded_at >= at for row in ends)
