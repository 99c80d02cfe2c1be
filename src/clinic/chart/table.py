"""The table beside a plot: every answer in words, the latest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format

from clinic.chart.course import Course, Entry
from clinic.measures.models import Helper, QuestionnaireResponse, SheetHand
from clinic.measures.templatetags.measures import band_words, beside

Helpers = Mapping[UUID | None, Helper]
_SHEETS: dict[str, str] = {
    SheetHand.Kind.SELF: "the person, on paper",
    SheetHand.Kind.STAFF: "the person, read out by staff",
    SheetHand.Kind.PROXY: "somebody close to them, on paper",
    SheetHand.Kind.RATED: "rated by staff",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One answer, or a questionnaire that was missed: it has no words."""

    entry: Entry
    total: str = ""
    mark: str = ""
    band: str = ""
    against: str = ""
    by: str = ""


def rows(course: Course, helpers: Helpers) -> list[Row]:
    """A row for each entry. helpers: by assignment, whose hand it was beside the person's."""
    return [
        _row(course, entry, entry.row, helpers) if entry.row else Row(entry)
        for entry in reversed(course.entries)
    ]


def _row(course: Course, entry: Entry, row: QuestionnaireResponse, helpers: Helpers) -> Row:
    missing = f"no score: {len(row.missing)} unanswered"
    total = missing if entry.total is None else str(entry.total)
    return Row(
        entry, total, beside(row), band_words(row), _against(course, entry), by(row, helpers)
    )


def _against(course: Course, entry: Entry) -> str:
    if course.baseline and entry.row == course.baseline.row:
        return "baseline"
    if entry.reaches is None or entry.total is None:
        return entry.against_baseline
    dosed = date_format(timezone.localtime(entry.reaches.started_at), "M j")
    said = f"not counted: recall reaches back before the dose of {dosed}"
    return f"{said}, {entry.alarm}" if entry.alarm else said


def by(row: QuestionnaireResponse, helpers: Helpers) -> str:
    """Whose hand an answer is."""
    if row.entered_by_id is None:
        helper = helpers.get(row.assignment_id)
        return f"{helper.get_kind_display().lower()}: {helper.words}" if helper else "the person"
    return f"{_on_paper(row)}, corrected" if row.replaces_id else _on_paper(row)


def _on_paper(row: QuestionnaireResponse) -> str:
    """Who answered a sheet that staff entered."""
    hand: SheetHand | None = getattr(row, "hand", None)
    if hand is None:
        return "entered by staff; who answered was not asked"
    return f"{_SHEETS[hand.kind]}: {hand.words}" if hand.words else _SHEETS[hand.kind]
