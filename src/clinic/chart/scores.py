"""Scores over time as a drawing: points, lines, bands, doses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from clinic.chart.course import Course, Entry, course, stretches
from clinic.episodes.models import GivenDose
from clinic.measures import trend
from clinic.measures.models import DueItem, QuestionnaireResponse
from clinic.measures.own_words import MOMENT
from kapstone import instruments
from kapstone.instruments.conditions import Number
from kapstone.instruments.definition import Band


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
    figure_px: int = 20  # two figures closer than this would run into each other
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
    """An entry where it is drawn. Without a score it is a gap, which stands at the foot."""

    entry: Entry
    x: float
    y: float

    @property
    def label_y(self) -> float:
        """Where the number stands: above its dot."""
        return round(self.y - 10, 1)


@dataclass(frozen=True, slots=True)
class BandStripe:
    """A range of totals behind the points."""

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
    """One instrument's course as it is drawn."""

    course: Course
    high: int
    points: tuple[Point, ...]
    lines: tuple[str, ...]
    stripes: tuple[BandStripe, ...]
    response: BandStripe | None = None
    remission: BandStripe | None = None
    marks: tuple[Mark, ...] = ()
    frame: Frame = field(default=FRAME)

    @property
    def name(self) -> str:
        """The name people know the instrument by."""
        return self.course.instrument.name

    @property
    def moments(self) -> list[datetime]:
        """Every moment drawn, in order."""
        doses = [mark.dose.started_at for mark in self.marks]
        return sorted([*(point.entry.at for point in self.points), *doses])

    @property
    def last(self) -> Entry | None:
        """The latest answer."""
        answered = [entry for entry in self.course.entries if entry.row is not None]
        return answered[-1] if answered else None

    @property
    def hollow(self) -> bool:
        """Whether any score is drawn hollow."""
        return any(entry.reaches and entry.total is not None for entry in self.course.entries)

    @property
    def missed(self) -> bool:
        """Whether any questionnaire was missed."""
        return any(entry.row is None for entry in self.course.entries)


def plots(
    responses: Sequence[QuestionnaireResponse],
    doses: Sequence[GivenDose] = (),
    missed: Sequence[DueItem] = (),
) -> list[Plot]:
    """A plot for each instrument that was answered or missed, the most often answered first."""
    found, events = [], trend.suicidal_behaviour(responses)
    for each in filter(lambda held: held.main_score, map(instruments.load, instruments.ids())):
        rows = [row for row in responses if row.instrument == each.id]
        gaps = [item for item in missed if item.ask == each.id]
        if rows or gaps:
            found.append(_plot(course(each, rows, doses, gaps, events)))
    return sorted(found, key=_answered, reverse=True)


def _answered(plot: Plot) -> int:
    return sum(entry.row is not None for entry in plot.course.entries)


def judged(responses: Sequence[QuestionnaireResponse]) -> list[QuestionnaireResponse]:
    """Answers of instruments without a number to draw, the latest first; those in hours aside."""
    drawn = {MOMENT} | {each for each in instruments.ids() if instruments.load(each).main_score}
    return [row for row in reversed(responses) if row.instrument not in drawn]


def _plot(of: Course) -> Plot:
    total = of.instrument.main_score
    assert total is not None  # noqa: S101 - tells mypy what `plots` chose
    high = total.maximum or 1
    moments = [*(entry.at for entry in of.entries), *(dose.started_at for dose in of.doses)]
    first, span_s = min(moments), (max(moments) - min(moments)).total_seconds()

    def y(value: Number) -> float:
        return round(FRAME.top + (FRAME.bottom - FRAME.top) * (1 - float(value) / high), 1)

    def x(at: datetime) -> float:
        share = (at - first).total_seconds() / span_s if span_s else 0.5
        return round(FRAME.left + FRAME.edge + (FRAME.inner_width - 2 * FRAME.edge) * share, 1)

    step = Decimal("0.1") if any(isinstance(b.maximum, Decimal) for b in total.bands) else 1

    def stripe(words: str, low: Number, high: Number) -> BandStripe:
        return BandStripe(words, y(high), round(y(max(low - step, 0)) - y(high), 1))

    def below(highest: Number | None) -> BandStripe | None:
        return None if highest is None else stripe(f"{highest} or less", 0, highest)

    points = {id(entry): Point(entry, x(entry.at), y(entry.total or 0)) for entry in of.entries}
    lines = (
        " ".join(f"{points[id(each)].x},{points[id(each)].y}" for each in stretch)
        for stretch in stretches(of.entries)
    )
    return Plot(
        of,
        high,
        tuple(points.values()),
        tuple(lines),
        tuple(stripe(_named(band), band.minimum, band.maximum) for band in total.bands),
        response=below(of.response_total_at_most),
        remission=below(of.remission_total_at_most),
        marks=tuple(Mark(dose, x(dose.started_at)) for dose in of.doses),
    )


def _named(band: Band) -> str:
    return f"{band.label} {band.minimum}–{band.maximum}"
