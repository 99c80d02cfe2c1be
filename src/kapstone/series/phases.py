"""Which phase a series is in, and which step of the default taper.

Source: protocol 4.3 (SER-01, SER-04, SER-07).
"""

from enum import StrEnum

from kapstone.series.judging import Course
from kapstone.series.rows import Taper, content


class Phase(StrEnum):
    """The phases of a series, each with its own clock."""

    INDUCTION = "induction"
    CONTINUATION = "continuation"
    MAINTENANCE = "maintenance"


def phase(course: Course) -> Phase:
    """Induction until benefit was weighed (REASSESS-1), then continuation; or maintenance."""
    if course.maintenance_since:
        return Phase.MAINTENANCE
    if any("SER-04" in each.keys for each in course.decisions):
        return Phase.CONTINUATION
    return Phase.INDUCTION


def taper_step(course: Course) -> Taper | None:
    """The step of the default taper that the next dose would be in; None before maintenance."""
    since = course.maintenance_since
    if since is None:
        return None
    given, steps = sum(each >= since for each in course.doses), content().taper
    for step in steps:
        if given < step.doses:
            return step
        given -= step.doses
    return steps[-1]
