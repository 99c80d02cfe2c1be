"""The table beside a plot: every answer in words, the latest first."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format

from clinic.chart.course import Course, Entry
from clinic.measures.models import QuestionnaireResponse
from clinic.measures.templatetags.measures import band_words, beside


@dataclass(frozen=True, slots=True)
class Row:
    """One answer, or a questionnaire that was missed: it has no words."""

    entry: Entry
    total: str = ""
    mark: str = ""
    band: str = ""
    against: str = ""
    by: str = ""


def rows(course: Course) -> list[Row]:
    """A row for each entry."""
    return [
        _row(course, entry, entry.row) if entry.row else Row(entry)
        for entry in reversed(course.entries)
    ]


def _row(course: Course, entry: Entry, row: QuestionnaireResponse) -> Row:
    missing = f"no score: {len(row.missing)} unanswered"
    total = missing if entry.total is None else str(entry.total)
    return Row(entry, total, beside(row), band_words(row), _against(course, entry), _by(row))


def _against(course: Course, entry: Entry) -> str:
    if course.baseline and entry.row == course.baseline.row:
        return "baseline"
    if entry.reaches is None or entry.total is None:
        return entry.against_baseline
    dosed = date_format(timezone.localtime(entry.reaches.started_at), "M j")
    said = f"not counted: recall reaches back before the dose of {dosed}"
    return f"{said}, {entry.alarm}" if entry.alarm else said


def _by(row: QuestionnaireResponse) -> str:
    if row.entered_by_id is None:
        return "the person"
    return "staff, corrected" if row.replaces_id else "staff"
