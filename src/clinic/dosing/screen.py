"""What the console shows: one value built from the fold, drawn by one template.

The same panel goes into the first page and down every live stream.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.template.loader import render_to_string

from clinic.dosing import (
    alarms,
    before,
    consoles,
    late,
    lines,
    opened,
    outages,
    presence,
    queries,
    step_cards,
    stretches,
    tapped,
    unwritten,
    words,
)
from clinic.dosing.kinds import QUARANTINED
from clinic.dosing.models import (
    AlarmStepKind,
    ConsoleBeat,
    DosingSession,
    RaisedAlarm,
    SessionEvent,
)
from clinic.dosing.opened import Opening
from clinic.dosing.presence import InRoom
from clinic.dosing.so_far import SoFar, so_far
from clinic.dosing.step_cards import Card
from kapstone.monitoring.alarms import Alarm
from kapstone.monitoring.pathways import Pathway
from kapstone.monitoring.schedules import Due
from kapstone.monitoring.session import ENDED, SessionState, Shown
from kapstone.monitoring.vitals import parameters

SHOWN = (
    "systolic_mmhg",
    "heart_rate_bpm",
    "spo2_percent",
    "respiratory_rate_per_min",
    "moaas_score",
    "dissociation_nrs_score",
    "anxiety_nrs_score",
    "nausea_nrs_score",
)
SHORT = {
    "systolic_mmhg": "Blood pressure",
    "heart_rate_bpm": "Pulse",
    "spo2_percent": "Oxygen",
    "respiratory_rate_per_min": "Breathing",
    "moaas_score": "MOAA/S",
    "dissociation_nrs_score": "Dissociation",
    "anxiety_nrs_score": "Anxiety",
    "nausea_nrs_score": "Nausea",
}
LINES = 60  # the newest of the line; the whole of it stands on its own page


@dataclass(frozen=True, slots=True)
class Vital:
    """One number with its age. words is empty once it is stale or was never charted.

    source: what made it up, where nobody measured it. artefact: a person says that it was not the
    patient's own; it is drawn as that, and hidden by nothing.
    """

    name: str
    label: str
    unit: str
    words: str
    observed_at: datetime | None = None
    stale_at: datetime | None = None
    is_stale: bool = False
    source: str = ""
    artefact: bool = False


@dataclass(frozen=True, slots=True)
class Calling:
    """An alarm on top of the screen, its steps, and whether they are open."""

    alarm: RaisedAlarm
    answered_by: str
    sounding: bool
    pathway: Pathway | None
    is_open: bool = False
    late: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reading that is due, in words."""

    words: str
    due: Due


@dataclass(frozen=True, slots=True)
class Line:
    """One event in words. replaced: a later line stands in for it. clock: of the console.

    artefact: a person marked it. arrived: when, where that was long after it was true.
    """

    row: SessionEvent
    words: str
    replaced: bool
    correctable: bool
    artefact: bool
    clock: str = ""
    arrived: datetime | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything the panel shows at a moment."""

    session: DosingSession
    state: SessionState
    vitals: tuple[Vital, ...]
    calling: tuple[Calling, ...]
    unwritten: tuple[Alarm, ...]
    open_steps: tuple[Card, ...]
    wanted: tuple[Wanted, ...]
    line: tuple[Line, ...]
    standing: tuple[SessionEvent, ...]
    apart: tuple[SessionEvent, ...]
    marked_count: int
    music: SessionEvent | None
    so_far: SoFar
    elapsed: str
    withdrawn_at: datetime | None
    touch: str
    present: tuple[InRoom, ...]
    lost: tuple[ConsoleBeat, ...]
    missing: tuple[str, ...]
    down: str
    now: datetime
    number: int

    @property
    def is_over(self) -> bool:
        """Whether the person has gone."""
        return self.state.phase in ENDED

    @property
    def present_unnamed(self) -> str:
        """How many are charted as in the room, for a locked screen."""
        return f"{len(self.present)} charted" if self.present else "nobody charted"

    @property
    def touch_unnamed(self) -> str:
        """Whether any touch is agreed, for a locked screen: with whom is a name."""
        return self.touch if self.touch == before.NO_TOUCH else "agreed"


def build(session: DosingSession, now: datetime) -> Screen:
    """Read the line once and fold it."""
    known = lines.read(session)
    rows, state = known.rows, queries.state_of(known, now)
    present, told = presence.in_room(known), tapped.line(rows)
    standing, raised = queries.standing_of(rows), queries.alarms_now(session)
    running = opened.now_open(standing, raised)
    return Screen(
        session=session,
        state=state,
        vitals=tuple(vitals(known, state.latest)),
        calling=tuple(_calling(session, raised, running, now)),
        unwritten=unwritten.standing(session, known, raised, now),
        open_steps=tuple(step_cards.of(session, running, now)),
        wanted=tuple(Wanted(words.CHANNELS[due.channel], due) for due in state.due),
        line=_lines(rows),
        standing=tuple(standing),
        apart=tuple(row for row in rows if row.kind == QUARANTINED),
        marked_count=stretches.count(known),
        music=tapped.music(told, rows),
        so_far=so_far(session, standing, state, now),
        elapsed=_elapsed(state, now),
        withdrawn_at=before.withdrawn_at(session.patient),
        touch=before.touch_words(session.patient),
        present=tuple(present),
        lost=() if state.phase in ENDED else tuple(consoles.lost(session, now)),
        missing=tuple(presence.warnings(session, present, state)),
        down=words.down(gap) if (gap := outages.unlooked(known)) else "",
        now=now,
        number=known.number,
    )


def panel(session: DosingSession, now: datetime, *, locked: bool = False) -> str:
    """The panel as HTML. locked: for a screen that nobody unlocked, so without any name."""
    return render_to_string("dosing/_panel.html", {"screen": build(session, now), "locked": locked})


def vitals(known: lines.Known, latest: Mapping[str, Shown]) -> Iterator[Vital]:
    """The numbers of the panel, in its order."""
    for name in SHOWN:
        unit = parameters()[name].unit
        shown = latest.get(name)
        if shown is None:
            yield Vital(name, SHORT[name], unit, "")
            continue
        figure = "" if shown.value is None else _figure(latest, name)
        made_up_at, source = known.made_up.get(parameters()[name].key, (None, ""))
        yield Vital(
            name,
            SHORT[name],
            unit,
            figure,
            shown.observed_at,
            shown.stale_at,
            is_stale=shown.value is None,
            source=source if made_up_at == shown.observed_at else "",
            artefact=shown.artefact,
        )


def _figure(latest: Mapping[str, Shown], name: str) -> str:
    value = latest[name].value
    if name != "systolic_mmhg":
        return _plain(value)
    diastolic = latest.get("diastolic_mmhg")
    return f"{_plain(value)}/{_plain(diastolic.value) if diastolic else '–'}"


def _plain(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else "–"


def _calling(
    session: DosingSession,
    raised: Sequence[RaisedAlarm],
    running: Sequence[Opening],
    now: datetime,
) -> Iterator[Calling]:
    open_alarms = [(row, list(row.steps.all())) for row in raised]
    paused = any(step.kind == AlarmStepKind.PAUSED for _, steps in open_alarms for step in steps)
    changed_at = alarms.changed_at(session) if paused else None
    shown = {one.pathway_id for one in running}
    for row, steps in open_alarms:
        seen = [step for step in steps if step.kind in alarms.ANSWERS and step.by]
        name = seen[-1].by.name if seen and seen[-1].by else ""
        pathway = opened.leads_to(row)
        is_open = pathway is not None and pathway.id in shown
        sounds = alarms.is_sounding(steps, now, changed_at)
        yield Calling(row, name, sounds, pathway, is_open, late.words(row))


def _lines(rows: tuple[SessionEvent, ...]) -> tuple[Line, ...]:
    replaced = {row.replaces_id for row in rows}
    marked = {
        row.body.get("marks") for row in rows if row.kind == "artefact" and row.pk not in replaced
    }
    newest = [row for row in reversed(rows) if row.kind != QUARANTINED][:LINES]
    return tuple(
        Line(
            row,
            words.of(row),
            row.pk in replaced,
            row.kind in words.CORRECTABLE,
            row.number in marked,
            words.clock_of(row),
            row.recorded_at if late.is_late(row) else None,
        )
        for row in newest
    )


def _elapsed(state: SessionState, now: datetime) -> str:
    """Hours and minutes since the first of the dose, of elapsed time and not of the wall clock."""
    if state.dose is None:
        return ""
    minutes = int((now - state.dose.start).total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"
