"""Scores over time as points for a drawing, and as rows for the table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clinic.measures.models import QuestionnaireResponse
from kapstone import instruments

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 240, 44, 12, 12, 28


@dataclass(frozen=True, slots=True)
class Point:
    """One total where it is drawn. `total` is None for a gap: answered, but no score."""

    at: datetime
    total: int | None
    band: str
    x: float
    y: float
    missing: int
    answered_by: str


@dataclass(frozen=True, slots=True)
class BandStripe:
    """A severity band behind the points."""

    label: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Plot:
    """One instrument's course. `lines` break wherever a score is missing."""

    name: str
    high: int
    points: tuple[Point, ...]
    lines: tuple[str, ...]
    stripes: tuple[BandStripe, ...]


def plots(responses: Sequence[QuestionnaireResponse]) -> list[Plot]:
    """A plot for each instrument that was answered, in the order of the content."""
    known = [instruments.load(each) for each in instruments.ids()]
    answered = {each.id: [row for row in responses if row.instrument == each.id] for each in known}
    return [_plot(each, answered[each.id]) for each in known if answered[each.id]]


def _plot(instrument: instruments.Instrument, rows: list[QuestionnaireResponse]) -> Plot:
    total = next(score for score in instrument.scores if score.id == "total")
    high = total.high or 1
    first, last = rows[0].observed_at, rows[-1].observed_at
    span_s = (last - first).total_seconds() or 1.0

    def y(value: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / high), 1)

    def point(row: QuestionnaireResponse) -> Point:
        value = row.scores.get("total")
        share = (row.observed_at - first).total_seconds() / span_s if len(rows) > 1 else 0.5
        return Point(
            at=row.observed_at,
            total=value,
            band=(row.bands.get("total") or "").replace("_", " "),
            x=round(LEFT + (WIDTH - LEFT - RIGHT) * share, 1),
            y=y(value or 0),
            missing=len(row.missing),
            answered_by="staff" if row.entered_by_id else "the person",
        )

    points = tuple(point(row) for row in rows)
    stripes = tuple(
        BandStripe(band.label, y(band.high), round(y(band.low) - y(band.high), 1))
        for band in total.bands
    )
    return Plot(instrument.name, high, points, _lines(points), stripes)


def _lines(points: Sequence[Point]) -> tuple[str, ...]:
    lines: list[list[str]] = [[]]
    for point in points:
        if point.total is None:
            lines.append([])
        else:
            lines[-1].append(f"{point.x},{point.y}")
    return tuple(" ".join(line) for line in lines if len(line) > 1)
