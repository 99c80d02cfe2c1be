"""Predictions and measured effects as places in an SVG, which a template draws.

The x axis is minutes, the same for every panel of a drawing. A run that is not credible has no
line and no band: there is a gap.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count, takewhile

from kapstone.pharmacology import Shown

# Of a drawing 640 wide and 340 high: where its plot stands.
LEFT, RIGHT, TOP, BOTTOM = 56.0, 612.0, 52.0, 280.0
_STEPS_NG_PER_ML = (10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0)
_STEPS_MIN = (15, 30, 60, 120, 240)
_TICKS_AT_MOST = 6
_ROWS_MIN = (5, 10, 15, 20, 30, 40, 60, 80, 90, 120, 180, 240, 360, 480)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: where, and what stands beside it."""

    at_px: float
    words: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One prediction: SVG paths, empty where nothing may be drawn."""

    label: str
    outer: str
    inner: str
    line: str
    label_x_px: float
    label_y_px: float


@dataclass(frozen=True, slots=True)
class Frame:
    """The axes of a drawing of concentrations."""

    end_min: float
    top_ng_per_ml: float
    minutes: tuple[Tick, ...]
    levels: tuple[Tick, ...]

    def x(self, minute: float) -> float:
        """Where a minute stands."""
        return round(LEFT + (RIGHT - LEFT) * minute / self.end_min, 1)

    def y(self, ng_per_ml: float) -> float:
        """Where a concentration stands."""
        return round(BOTTOM - (BOTTOM - TOP) * ng_per_ml / self.top_ng_per_ml, 1)


def frame(seen: Sequence[Shown], end_min: float) -> Frame:
    """Axes that hold every prediction."""
    highest = max((one.highest_ng_per_ml for one in seen), default=0.0)
    step = next((s for s in _STEPS_NG_PER_ML if highest / s <= _TICKS_AT_MOST), 10_000.0)
    top = step * max(1, -(-highest // step))
    step_min = next((s for s in _STEPS_MIN if end_min / s <= _TICKS_AT_MOST + 2), 480)
    bare = Frame(end_min, top, (), ())
    minutes = takewhile(lambda minute: minute <= end_min, count(0, step_min))
    levels = takewhile(lambda level: level <= top, count(0.0, step))
    return Frame(
        end_min,
        top,
        tuple(Tick(bare.x(minute), str(minute)) for minute in minutes),
        tuple(Tick(bare.y(level), f"{level:g}") for level in levels),
    )


def drawn(label: str, one: Shown, axes: Frame) -> Drawn:
    """The band, and the line where there may be one."""
    times, conc = one.curve.times_min, one.curve.conc_ng_per_ml
    outer, inner, line = [], [], []
    for run in one.runs:
        xs = [axes.x(float(minute)) for minute in times[run]]
        if one.band is not None:
            levels = [
                [axes.y(float(level)) for level in row[run]] for row in one.band.conc_ng_per_ml
            ]
            outer.append(_between(xs, levels[0], levels[-1]))
            inner.append(_between(xs, levels[1], levels[-2]))
        if one.line:
            ys = [axes.y(float(level)) for level in conc[run]]
            line.append("M" + " L".join(f"{x},{y}" for x, y in zip(xs, ys, strict=True)))
    peak = int(conc.argmax())
    return Drawn(
        label,
        " ".join(outer),
        " ".join(inner),
        " ".join(line),
        axes.x(float(times[peak])) + 6,
        max(axes.y(float(conc[peak])) - 6, TOP + 12),
    )


def _between(xs: Iterable[float], low: Iterable[float], high: Iterable[float]) -> str:
    edge = list(zip(xs, high, strict=True))
    back = list(zip([x for x, _ in edge], low, strict=True))[::-1]
    return "M" + " L".join(f"{x},{y}" for x, y in (*edge, *back)) + " Z"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table beside a drawing; `typical` is empty where no line may be drawn."""

    at_min: int
    typical: str
    low: str
    high: str


def table(one: Shown) -> list[Row]:
    """A few of the minutes that are drawn."""
    times = one.curve.times_min
    places = {int(times[place]): place for run in one.runs for place in range(run.start, run.stop)}
    found = []
    for minute in _ROWS_MIN:
        if minute not in places:
            continue
        place = places[minute]
        typical = level(one.curve.conc_ng_per_ml[place]) if one.line else ""
        band = one.band.conc_ng_per_ml[:, place] if one.band is not None else None
        low, high = ("", "") if band is None else (level(band[0]), level(band[-1]))
        found.append(Row(minute, typical, low, high))
    return found


def level(ng_per_ml: float) -> str:
    """Two figures: more would look exact."""
    return f"{float(f'{float(ng_per_ml):.2g}'):.0f}" if ng_per_ml >= 10 else f"{ng_per_ml:.1f}"
