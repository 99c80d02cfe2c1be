"""What was measured at the chair, as panels above the prediction: every reading, and no line.

Each panel has the prediction behind it as a shape without a scale. Nothing here is computed from
the prediction: what was measured stands, whatever the curve says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic.curves.drawing import Frame, Tick
from kapstone.monitoring import marks
from kapstone.monitoring.events import Event
from kapstone.pharmacology import Shown

TOP, BOTTOM = 14.0, 116.0  # of a panel 640 wide and 132 high
_MINUTE = timedelta(minutes=1)
# parameter → its name, unit, and the axis: lowest, highest
PANELS = (
    ("dissociation_nrs_score", "Dissociation, said by the person", "of 10", (0.0, 10.0)),
    ("systolic_mmhg", "Systolic pressure", "mmHg", (60.0, 220.0)),
    ("heart_rate_bpm", "Pulse", "a minute", (30.0, 180.0)),
    ("moaas_score", "MOAA/S", "of 5", (0.0, 5.0)),
)


@dataclass(frozen=True, slots=True)
class Dot:
    """One reading. `artefact`: a person said that it was not the patient's own."""

    x_px: float
    y_px: float
    at_min: int
    words: str
    artefact: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """The readings of one parameter, and the shape of the prediction behind them."""

    name: str
    unit: str
    dots: tuple[Dot, ...]
    levels: tuple[Tick, ...]
    shape: str


def panels(
    line: Sequence[Event], start: datetime, axes: Frame, seen: Shown | None
) -> tuple[Panel, ...]:
    """One panel for each parameter that was measured since the dose began."""
    readings = [one for one in marks.readings(line) if one.observed_at >= start]
    shape = _shape(seen, axes)
    found = []
    for key, name, unit, (low, high) in PANELS:
        dots: dict[tuple[int, bool], Dot] = {}  # of a device's stream the last in each minute
        for one in readings:
            number = one.number_of(key)
            minute = (one.observed_at - start) / _MINUTE
            if number is None or minute > axes.end_min:
                continue
            y = BOTTOM - (BOTTOM - TOP) * (min(max(float(number), low), high) - low) / (high - low)
            place = (int(minute) if one.streamed else one.number, one.artefact)
            dots[place] = Dot(axes.x(minute), round(y, 1), int(minute), f"{number:g}", one.artefact)
        if dots:
            ends = (Tick(BOTTOM, f"{low:g}"), Tick(TOP, f"{high:g}"))
            found.append(Panel(name, unit, tuple(dots.values()), ends, shape))
    return tuple(found)


def _shape(seen: Shown | None, axes: Frame) -> str:
    """The band, or the line where there is none, from the foot to the head of a panel."""
    if seen is None or not seen.highest_ng_per_ml:
        return ""
    parts = []
    for run in seen.runs:
        xs = [axes.x(float(minute)) for minute in seen.curve.times_min[run]]
        upper = seen.band.conc_ng_per_ml[-1] if seen.band else seen.curve.conc_ng_per_ml
        lower = seen.band.conc_ng_per_ml[0] if seen.band else upper * 0
        high, low = (
            [BOTTOM - (BOTTOM - TOP) * float(level) / seen.highest_ng_per_ml for level in row[run]]
            for row in (upper, lower)
        )
        points = [*zip(xs, high, strict=True), *list(zip(xs, low, strict=True))[::-1]]
        parts.append("M" + " L".join(f"{x},{y:.1f}" for x, y in points) + " Z")
    return " ".join(parts)
