"""What the viewers of a session are told: made from what this process knows, or from its records.

A sample moves the figures alone, and what this process wrote itself need not be read. The whole
panel is drawn from the records, when something else of it changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from clinic.dosing import lines, screen, wire
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.dosing.watchers import Standing, Viewer, standings
from clinic.people.worded import worded_once
from kapstone.monitoring.events import Kind

LINES_KEPT = 200  # of whoever lags behind more than these, the rows are read from the table
Line = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Told:
    """What was last told, as it goes down the stream.

    lines: the newest ones up to `number`. panels: by locked or not; figures: where they are newer
    than those of the panels. failed: the clinic's records could not be read, and this is what was
    known before.
    """

    version: int = 0
    number: int = 0
    lines: tuple[Line, ...] = ()
    panels: Mapping[bool, bytes] = field(default_factory=dict)
    figures: bytes = b""
    failed: bool = False

    def reaches(self, after: int) -> bool:
        """Whether every line after this number is among those kept."""
        return after >= self.number or (bool(self.lines) and self.lines[0][0] <= after + 1)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was read: the line, who may look (where that was asked), the panel by locked or not."""

    session: DosingSession
    known: lines.Known
    asked: Mapping[Viewer, Standing]
    panels: Mapping[bool, bytes]


def from_memory(old: Told, session: DosingSession, number: int) -> Told | None:
    """With the samples up to a number at the least, and nothing read.

    None where this process does not know them, or a person charted something: before that is told,
    who may look is asked.
    """
    known, now = lines.kept(session), timezone.now()
    is_charted = any(kind != Kind.SAMPLE for _, kind, _ in known.since(old.number))
    if known.number < max(number, old.number) or is_charted:
        return None
    vitals = screen.vitals(known, known.folded.latest(now))
    return replace(_then(old, known), figures=wire.figures(known.number, vitals, now))


def read(session_id: UUID, viewers: Mapping[Viewer, Standing], *, asks: bool) -> Drawn:
    """Everything anew, from the records; asks: whether those who watch still may, too."""
    (session,) = _sessions(session_id)
    known = lines.up_to_date(session)
    now = timezone.now()  # after what was read: before it, the newest line would not be true yet
    found = standings(viewers, now) if asks else {}
    locked = {one.locked for one in (found or viewers).values() if not one.ended}
    drawn = {each: screen.panel(session, now, locked=each) for each in locked}
    panels = {each: wire.panel(known.number, html) for each, html in drawn.items()}
    return Drawn(session, known, found, panels)


@worded_once
def _sessions(session_id: UUID) -> QuerySet[DosingSession]:
    return DosingSession.objects.filter(pk=session_id).select_related("patient")


def from_records(old: Told, drawn: Drawn) -> Told:
    """With what was read; figures that came from memory meanwhile stand after its panel."""
    told = replace(old, failed=False)
    if drawn.known.number >= old.number:
        told = replace(_then(old, drawn.known), figures=b"")
    return replace(told, panels=drawn.panels)


def _then(old: Told, known: lines.Known) -> Told:
    """Before there is a panel no line is kept: whoever comes has them of the table."""
    new = [(each[0], wire.line(*each)) for each in known.since(old.number)] if old.panels else []
    kept = (*old.lines, *new)[-LINES_KEPT:] if old.panels else ()
    return replace(old, number=known.number, lines=kept, failed=False)


def lines_between(session_id: UUID, after: int, until: int) -> tuple[Line, ...]:
    """The lines after a number and up to another, as they are told."""
    rows = SessionEvent.objects.filter(session=session_id, number__gt=after, number__lte=until)
    found = rows.order_by("number").values_list("number", "kind", "observed_at")
    return tuple((number, wire.line(number, kind, at)) for number, kind, at in found)
