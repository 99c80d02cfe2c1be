"""What follows from what a person said of an event, and what only states a fact."""

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal

from kapstone.adverse.rows import content
from kapstone.errors import InvalidInput
from kapstone.monitoring.moments import utc

DEATH, IN_DANGER, DIED = "death", "life_threatening", "died"
GRAVE_FROM = 4  # danger of life, by the scale's own words


def serious(criteria: Collection[str], judged: bool) -> bool | None:
    """Any one criterion makes it serious. None while nobody has said that none holds (AE-R3).

    Raises InvalidInput for a criterion that the rows do not hold.
    """
    known = content().choices["criterion"]
    for name in criteria:
        if name not in known:
            raise InvalidInput("criteria", f"names {name!r}.", f"Give any of: {', '.join(known)}.")
    if criteria:
        return True
    return False if judged else None


def counts_as_serious(said: bool | None, grade: int | None, outcome: str) -> bool | None:
    """What is due is read from this: a death or danger of life counts, whatever was judged."""
    grave = outcome == DIED or (grade is not None and grade >= GRAVE_FROM)
    return True if grave else said


def soon_after(onset_at: datetime, doses: Collection[datetime]) -> bool:
    """Whether it began within the hours of AE-R4 after the start of a dose. Never a cause."""
    onset, within = utc("onset_at", onset_at), timedelta(hours=content().association.hours)
    return any(timedelta() <= onset - utc("doses", dose) <= within for dose in doses)


def pressure_grade(systolic_mmhg: Decimal, diastolic_mmhg: Decimal) -> int | None:
    """The grade that the scale's figures give a pressure; None below all of them.

    Only figures: whether a rise was expected and passing, and what had to be done, they cannot say.
    """
    reached = [
        row.grade
        for row in content().pressures
        if systolic_mmhg >= row.systolic_mmhg or diastolic_mmhg >= row.diastolic_mmhg
    ]
    return max(reached, default=None)


def unlike(grade: int | None, criteria: Collection[str], outcome: str) -> tuple[str, ...]:
    """Where grade, seriousness and outcome tell different things of one event, in words."""
    deaths = (grade == 5, DEATH in criteria, outcome == DIED)
    found = []
    if any(deaths) and not all(deaths):
        found.append("Grade 5, the criterion of death and the outcome of death go together.")
    if grade == 4 and IN_DANGER not in criteria:
        found.append("Grade 4 is danger of life: then that criterion of seriousness holds too.")
    return tuple(found)
