"""One instrument's course: every score with what it may be taken for, and every gap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from clinic.episodes.models import GivenDose
from clinic.measures.models import DueItem, QuestionnaireResponse
from kapstone import outcome
from kapstone.instruments import Instrument
from kapstone.instruments.conditions import Number
from kapstone.outcome import Response

# The longest interval that the schedule itself leaves: a month and a week's window. Mark P.
LONGEST_JOINED = timedelta(days=38)


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

    @property
    def against_baseline(self) -> str:
        """What the score is against the baseline, in words; empty where nothing can be said."""
        if self.change is None or self.change.response is Response.MISSING or self.reaches:
            return ""
        fall = f"{self.change.response}, {_signed(self.change.points)}"
        return f"{fall}, score-remission" if self.change.remission else fall


def _signed(points: Number | None) -> str:
    return "" if points is None else f"{points:+}".replace("-", "−")


def score_of(instrument: Instrument, row: QuestionnaireResponse) -> Number | None:
    """The score that is followed over time. JSON keeps a decimal as a float."""
    value: int | float | None = row.scores.get(instrument.main or "")
    return Decimal(repr(value)) if isinstance(value, float) else value


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
) -> Course:
    """The course of one instrument. `responses` and `missed` are of this instrument alone."""
    baseline = _baseline(instrument, responses, doses)
    total = baseline.total if baseline else None
    entries = [_entry(instrument, row, doses, baseline) for row in responses]
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
