"""The lesson: one invented adult, one infusion, and each link of the chain with what is known."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import numpy as np

from clinic.curves.drawing import Drawn, Frame, Row, drawn, frame, table
from kapstone.pharmacology import (
    Chain,
    Dose,
    Form,
    Illustrated,
    Interaction,
    Person,
    Shown,
    Way,
    chain,
    default,
    illustrated,
    interactions,
    shown,
)
from kapstone.pharmacology.effects import Content, content

_END_MIN = 240
_DAYS = 14
_ROWS_MIN = (10, 20, 40, 60, 80, 110, 230)
_ROWS_H = (1, 4, 24, 72, 168, 336)


@dataclass(frozen=True, slots=True)
class Link:
    """The links of the chain at one minute."""

    at_min: int
    high: str
    systolic: str
    occupancy_pct: int


@dataclass(frozen=True, slots=True)
class After:
    """The illustration at one time after the dose, each in percent of its own peak."""

    words: str
    glutamate_pct: int
    bdnf_pct: int
    plasticity_pct: int


@dataclass(frozen=True, slots=True)
class Day:
    """Means and SDs of groups on one day."""

    day: int
    ketamine: tuple[float, float]
    control: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the teaching page shows."""

    seen: Shown
    axes: Frame
    curve: Drawn
    rows: tuple[Row, ...]
    links: tuple[Link, ...]
    after: tuple[After, ...]
    days: tuple[Day, ...]
    effects: Content
    label: str
    swallowed: tuple[Interaction, ...]
    by_vein: tuple[Interaction, ...]


@cache  # the same for everybody: it is about an invented adult
def lesson() -> Lesson:
    """70 kg, 45 years, 35 mg of racemic ketamine by vein over 40 minutes."""
    model = default(Form.RACEMATE, Way.IV)
    dose = Dose(amount_mg=Decimal(35), way=Way.IV, form=Form.RACEMATE, infusion_min=40)
    adult = Person(age_y=Decimal(45), weight_kg=Decimal(70))
    minutes = np.concatenate([np.arange(0.0, 1441), np.arange(1450.0, _DAYS * 1440 + 1, 10)])
    seen = shown(model, [dose], adult, minutes[: _END_MIN + 1])
    course = chain(model, [dose], adult, minutes)
    axes = frame([seen], _END_MIN)
    held = content()
    drawing = illustrated(minutes / 60, course.occupancy)
    return Lesson(
        seen=seen,
        axes=axes,
        curve=drawn("", seen, axes),
        rows=tuple(table(seen)),
        links=tuple(_link(course, minute) for minute in _ROWS_MIN),
        after=tuple(_after(drawing, hour) for hour in _ROWS_H),
        days=tuple(
            Day(*row)
            for row in zip(held.mood.days, held.mood.ketamine, held.mood.control, strict=True)
        ),
        effects=held,
        label=drawing.label,
        swallowed=interactions(Way.ORAL),
        by_vein=interactions(Way.IV),
    )


def _link(course: Chain, minute: int) -> Link:
    high = course.high[minute] if course.high is not None else 0.0
    rise = course.systolic_rise_mmhg[minute] if course.systolic_rise_mmhg is not None else 0.0
    return Link(minute, f"{high:.0f}", f"{rise:.0f}", round(100 * float(course.occupancy[minute])))


def _after(drawing: Illustrated, hour: int) -> After:
    place = int(np.searchsorted(drawing.times_h, hour))
    words = f"{hour} h" if hour < 24 else f"day {hour // 24}"
    shares = [
        round(100 * float(values[place] / values.max()))
        for values in (drawing.glutamate, drawing.bdnf, drawing.plasticity)
    ]
    return After(words, *shares)
