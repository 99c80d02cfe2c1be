"""A course of doses: how often, when it is weighed whether it helps, and what holds it.

Source: protocol 4.3 (SER-01 to SER-10), 9 (DEF-08) and 10.3 (GRD-01).
"""

from kapstone.series.booking import Wanted, booking, closer_than_planned
from kapstone.series.judging import (
    Course,
    Decided,
    Reading,
    Standing,
    State,
    held,
    rows_of,
    standings,
)
from kapstone.series.phases import Phase, phase, taper_step
from kapstone.series.rows import Banded, Content, Evaluation, Hold, Spacing, Taper, content

__all__ = [
    "Banded",
    "Content",
    "Course",
    "Decided",
    "Evaluation",
    "Hold",
    "Phase",
    "Reading",
    "Spacing",
    "Standing",
    "State",
    "Taper",
    "Wanted",
    "booking",
    "closer_than_planned",
    "content",
    "held",
    "phase",
    "rows_of",
    "standings",
    "taper_step",
]
