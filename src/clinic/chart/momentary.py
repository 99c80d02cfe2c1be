"""What somebody said of the moment, in hours after a dose: change, never response or remission.

Only answers about the moment itself are drawn in hours: a questionnaire that asks about two weeks
says nothing of an evening.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic.episodes.models import GivenDose
from clinic.measures.models import DueItem, QuestionnaireResponse
from clinic.measures.own_words import MOMENT

DRAWN_DOSES = 2  # the latest
REACHES = timedelta(hours=96)  # after a dose
BEFORE = timedelta(days=7)  # how old an answer may be to stand for the time before a dose
ASKED = ("mood", "anxiety")


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, or one that was missed (`row` is None). after: since the dose, below 0 before.

    change: of each score since the answer before the dose; absent where either was not answered.
    """

    at: datetime
    after: timedelta
    row: QuestionnaireResponse | None
    scores: dict[str, int]
    change: dict[str, int]

    @property
    def hours(self) -> float:
        """Hours after the dose."""
        return self.after / timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Span:
    """One dose and what was said after it ended, in order. before: the last answer before it."""

    number: int
    dose: GivenDose
    before: Said | None
    said: tuple[Said, ...]

    @property
    def missed(self) -> bool:
        """Whether anything was asked and not answered in time."""
        return any(each.row is None for each in self.said)


def spans(
    responses: Sequence[QuestionnaireResponse],
    doses: Sequence[GivenDose],
    missed: Sequence[DueItem],
) -> list[Span]:
    """The latest doses around which anything was said or missed, the last one first."""
    rows = [row for row in responses if row.instrument == MOMENT]
    gaps = [item for item in missed if item.ask == MOMENT]
    found = (_span(number, doses, rows, gaps) for number in range(len(doses), 0, -1))
    return [each for each in found if each.said][:DRAWN_DOSES]


def ended(dose: GivenDose) -> datetime:
    """The moment from which hours are counted, as the schedule does."""
    return dose.ended_at or dose.started_at


def _span(
    number: int,
    doses: Sequence[GivenDose],
    rows: Sequence[QuestionnaireResponse],
    gaps: Sequence[DueItem],
) -> Span:
    dose = doses[number - 1]
    began, start = dose.started_at, ended(dose)
    last = ended(doses[number - 2]) if number > 1 else began - BEFORE
    until = min([start + REACHES, *(each.started_at for each in doses[number : number + 1])])
    earlier = [row for row in rows if max(last, began - BEFORE) <= row.observed_at < began]
    before = _said(start, earlier[-1], None) if earlier else None
    said = [_said(start, row, before) for row in rows if start <= row.observed_at < until]
    said += [
        Said(item.due_at, item.due_at - start, None, {}, {})
        for item in gaps
        if start <= item.due_at < until
    ]
    return Span(number, dose, before, tuple(sorted(said, key=lambda each: each.at)))


def _said(start: datetime, row: QuestionnaireResponse, before: Said | None) -> Said:
    scores = {name: int(row.scores[name]) for name in ASKED if row.scores[name] is not None}
    known = before.scores if before else {}
    change = {name: value - known[name] for name, value in scores.items() if name in known}
    return Said(row.observed_at, row.observed_at - start, row, scores, change)


def stretches(span: Span, name: str) -> list[list[Said]]:
    """Answers that a line may join: nothing missed and nothing left out between."""
    found: list[list[Said]] = [[]]
    for each in (*([span.before] if span.before else []), *span.said):
        if name in each.scores:
            found[-1].append(each)
        else:
            found.append([])
    return [stretch for stretch in found if len(stretch) > 1]
