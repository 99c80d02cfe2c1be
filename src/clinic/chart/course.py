"""One instrument's course: every score with what it may be taken for, and every gap."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from clinic.episodes.models import GivenDose
from clinic.measures import trend
from clinic.measures.models import DueItem, QuestionnaireResponse
from clinic.measures.trend import score_of
from kapstone import outcome
from kapstone.instruments import Instrument
from kapstone.instruments.conditions import Number
from kapstone.outcome import Response, Shift

# The longest interval that the schedule itself leaves: a month and a week's window. Mark P.
LONGEST_JOINED = timedelta(days=38)
RELIABLY = {
    Shift.IMPROVED: " (reliably better)",
    Shift.WORSE: " (reliably worse)",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A score, an answer without one, or a questionnaire that was missed (`row` is None).

    reaches: the last dose before it, where the recall reaches back before that dose.
    """

    at: datetime
    total: Number | None
    row: QuestionnaireResponse | None = None
    reaches: GivenDose | None = None
    change: outcome.Change | None = None
    worse: tuple[outcome.Worsening, ...] = ()
    relapse: tuple[outcome.Relapse, ...] = ()

    @property
    def against_baseline(self) -> str:
        """What the score is against the baseline, in words; empty where nothing can be said."""
        return ", ".join(filter(None, [*([] if self.reaches else self._change()), self.alarm]))

    @property
    def alarm(self) -> str:
        """Worsening and relapse with their reasons; empty where it is neither."""
        named = (("worsening", self.worse), ("relapse", self.relapse))
        return ", ".join(f"{name} ({'; '.join(why)})" for name, why in named if why)

    def _change(self) -> list[str]:
        change = self.change
        if change is None or change.points is None:
            return []
        said = [] if change.response is Response.MISSING else [str(change.response)]
        said.append(_signed(change.points) + RELIABLY.get(change.reliable, ""))
        return [*said, "score-remission"] if change.remission else said


def _signed(points: Number | None) -> str:
    return "" if points is None else f"{points:+}".replace("-", "−")


@dataclass(frozen=True, slots=True)
class Course:
    """What a plot and its table show. baseline: the last score before the first dose."""

    instrument: Instrument
    entries: tuple[Entry, ...]
    doses: tuple[GivenDose, ...]
    baseline: Entry | None
    response_total_at_most: Number | None

    @property
    def remission_total_at_most(self) -> int | None:
        """The highest total that is score-remission, once there is a dose to judge."""
        limit = self.instrument.change.remission_max
        return int(limit.value) if self.doses and limit else None


def course(
    instrument: Instrument,
    responses: Sequence[QuestionnaireResponse],
    doses: Sequence[GivenDose],
    missed: Sequence[DueItem],
    events: Sequence[datetime] = (),
) -> Course:
    """The course of one instrument. `responses` and `missed` are of this instrument alone.

    events: what is a relapse whatever the score says.
    """
    baseline = _baseline(instrument, responses, doses)
    total = baseline.total if baseline else None
    entries = [_entry(instrument, row, doses, baseline) for row in responses]
    entries = _with_alarms(instrument, entries, doses, events)
    entries += [Entry(at=item.due_at, total=None) for item in missed]
    return Course(
        instrument,
        tuple(sorted(entries, key=lambda entry: entry.at)),
        tuple(doses),
        baseline,
        outcome.response_total_at_most(instrument, total),
    )


def _baseline(
    instrument: Instrument,
    responses: Sequence[QuestionnaireResponse],
    doses: Sequence[GivenDose],
) -> Entry | None:
    if not doses:
        return None
    before = [row for row in responses if row.observed_at < doses[0].started_at]
    known = [Entry(row.observed_at, score_of(instrument, row), row) for row in before]
    return next((entry for entry in reversed(known) if entry.total is not None), None)


def _entry(
    instrument: Instrument,
    row: QuestionnaireResponse,
    doses: Sequence[GivenDose],
    baseline: Entry | None,
) -> Entry:
    at, total = row.observed_at, score_of(instrument, row)
    before = [dose for dose in doses if dose.started_at <= at]
    reaching = [each for each in before if outcome.reaches_before(instrument, at, each.started_at)]
    return Entry(
        at,
        total,
        row,
        reaching[-1] if reaching else None,
        outcome.compare(instrument, baseline.total, total) if before and baseline else None,
    )


def _with_alarms(
    instrument: Instrument,
    entries: Sequence[Entry],
    doses: Sequence[GivenDose],
    events: Sequence[datetime],
) -> list[Entry]:
    """Each entry with its worsening and, of those that count, its relapse."""
    rows = [entry.row for entry in entries if entry.row]
    counted = [entry for entry in entries if entry.row and entry.change and not entry.reaches]
    first = counted[0].change if counted else None
    found = trend.relapses(
        instrument,
        first.baseline_score if first else None,
        [entry.row for entry in counted if entry.row],
        events,
    )
    return [
        replace(
            entry,
            worse=trend.worsening(instrument, rows[: number + 1], doses),
            relapse=found.get(str(entry.row.pk) if entry.row else "", ()),
        )
        for number, entry in enumerate(entries)
    ]


def stretches(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Scores that may be joined by a line: nothing missed, no gap and no long time between."""
    found: list[list[Entry]] = [[]]
    for entry in entries:
        last = found[-1][-1] if found[-1] else None
        if entry.total is None or (last and entry.at - last.at > LONGEST_JOINED):
            found.append([])
        if entry.total is not None:
            found[-1].append(entry)
    return [stretch for stretch in found if len(stretch) > 1]
