"""Scores over time as points for a drawing, and as rows for the table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clinic.episodes.models import GivenDose
from clinic.measures.models import QuestionnaireResponse
from kapstone import instruments


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a plot is drawn, in the drawing's own units."""

    width: int = 720
    height: int = 260
    left: int = 215
    right: int = 690
    top: int = 24
    bottom: int = 224
    foot: int = 250
    dose_y: int = 18  # where the name of a dose stands, above the plot
    edge: int = 30  # free on both sides of the points, so that no number is cut

    @property
    def label_x(self) -> int:
        """Where the bands' names end."""
        return self.left - 10

    @property
    def inner_width(self) -> int:
        """The width between the axes."""
        return self.right - self.left


FRAME = Frame()


@dataclass(frozen=True, slots=True)
class Point:
    """One total where it is drawn. `total` is None for a gap: answered, but no score."""

    at: datetime
    total: int | None
    x: float
    y: float
    row: QuestionnaireResponse

    @property
    def label_y(self) -> float:
        """Where the number stands: above its dot."""
        return round(self.y - 10, 1)


@dataclass(frozen=True, slots=True)
class BandStripe:
    """A severity band behind the points."""

    words: str
    y: float
    height: float

    @property
    def text_y(self) -> float:
        """Where the band's name stands: in its middle."""
        return round(self.y + self.height / 2 + 4, 1)


@dataclass(frozen=True, slots=True)
class Mark:
    """A dose where it is drawn: a line through the scores."""

    dose: GivenDose
    x: float


@dataclass(frozen=True, slots=True)
class Plot:
    """One instrument's course. `lines` break wherever a score is missing."""

    name: str
    high: int
    points: tuple[Point, ...]
    lines: tuple[str, ...]
    stripes: tuple[BandStripe, ...]
    marks: tuple[Mark, ...] = ()
    frame: Frame = FRAME

    @property
    def first_at(self) -> datetime:
        """The earliest moment drawn: an answer or a dose."""
        return min([self.points[0].at, *(mark.dose.started_at for mark in self.marks)])

    @property
    def last_at(self) -> datetime:
        """The latest moment drawn."""
        return max([self.points[-1].at, *(mark.dose.started_at for mark in self.marks)])

    @property
    def last(self) -> Point:
        """The latest answer."""
        return self.points[-1]


def plots(
    responses: Sequence[QuestionnaireResponse], doses: Sequence[GivenDose] = ()
) -> list[Plot]:
    """A plot for each instrument that was answered, in the order of the content."""
    known = [instruments.load(each) for each in instruments.ids()]
    answered = {each.id: [row for row in responses if row.instrument == each.id] for each in known}
    return [_plot(each, answered[each.id], doses) for each in known if answered[each.id]]


def _plot(
    instrument: instruments.Instrument,
    rows: Sequence[QuestionnaireResponse],
    doses: Sequence[GivenDose],
) -> Plot:
    total = next(score for score in instrument.scores if score.id == "total")
    high = total.maximum or 1
    moments = [*(row.observed_at for row in rows), *(dose.started_at for dose in doses)]
    first, span_s = min(moments), (max(moments) - min(moments)).total_seconds()

    def y(value: float) -> float:
        return round(FRAME.top + (FRAME.bottom - FRAME.top) * (1 - value / high), 1)

    def x(at: datetime) -> float:
        share = (at - first).total_seconds() / span_s if span_s else 0.5
        return round(FRAME.left + FRAME.edge + (FRAME.inner_width - 2 * FRAME.edge) * share, 1)

    def point(row: QuestionnaireResponse) -> Point:
        value = row.scores.get("total")
        at = row.observed_at
        return Point(at=at, total=value, x=x(at), y=y(value or 0), row=row)

    points = tuple(point(row) for row in rows)
    stripes = tuple(
        BandStripe(
            f"{band.label} {band.minimum}–{band.maximum}",
            y(band.maximum),
            round(y(max(band.minimum - 1, 0)) - y(band.maximum), 1),
        )
        for band in total.bands
    )
    marks = tuple(Mark(dose, x(dose.started_at)) for dose in doses)
    return Plot(instrument.name, high, points, _lines(points), stripes, marks)


def _lines(points: Sequence[Point]) -> tuple[str, ...]:
    lines: list[list[str]] = [[]]
    for point in points:
        if point.total is None:
            lines.append([])
        else:
            lines[-1].append(f"{point.x},{point.y}")
    return tuple(" ".join(line) for line in lines if len(line) > 1)
