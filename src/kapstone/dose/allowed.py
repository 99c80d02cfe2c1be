"""What the rules allow next, as facts: a range, conditions, counts. No dose is among them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kapstone.dose.checking import AS_PUBLISHED, HardLimits, limits_for, rows_for
from kapstone.dose.order import Situation
from kapstone.dose.rows import RangeRow, Weeks, content
from kapstone.dose.rules import step_conditions, week_of
from kapstone.limits import Limits, round_mg


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """One row for one person.

    limits: in mg, rounded down; None while the weight is unknown. step_max_mg: the largest step
    that asks for no reason, None where no figure is held or nothing was given. conditions: what a
    step up rests on, by key: met, not met, unknown (None); empty before a dose. week: of the
    course, from 1; weeks: the schedule's part for it. doses_this_week: today and the 6 days before.
    """

    row: RangeRow
    limits: Limits | None
    step_max_mg: Decimal | None
    conditions: Mapping[str, bool | None]
    last_days_ago: Decimal | None
    doses_this_week: int
    week: int | None
    weeks: Weeks | None


def allowed(person: Situation, clinic_max: HardLimits = AS_PUBLISHED) -> tuple[Allowed, ...]:
    """What each row that may hold says: one, or several while the indication is unknown.

    Raises `UnknownContent` where this release holds no limits, and `InvalidInput` where the chosen
    weight basis does not fit the person.
    """
    return tuple(_allowed(person, row, clinic_max) for row in rows_for(person))


def _allowed(person: Situation, row: RangeRow, clinic_max: HardLimits) -> Allowed:
    limits, last = limits_for(person, row, clinic_max), person.last
    step_mg, week = None, week_of(person.course_days)
    if limits is not None and row.step_max is not None and last is not None:
        step_mg = round_mg(row.step_max.in_mg(limits.weight_kg))
    return Allowed(
        row=row,
        limits=None if limits is None else limits.rounded(),
        step_max_mg=step_mg,
        conditions=step_conditions(last) if last else {},
        last_days_ago=last.days_ago if last else None,
        doses_this_week=len(person.this_week),
        week=week,
        weeks=None if week is None else row.weeks(week),
    )


def reassess_reached(doses: int, course_days: Decimal | None) -> bool | None:
    """Whether the benefit is due to be reassessed before a next dose; None while it is unknown.

    doses: given in this course. Source: SER-04, mark S.
    """
    due = content().rules["SER-04"].numbers
    if doses + 1 >= due["before_dose"]:
        return True
    if not doses:
        return False
    return None if course_days is None else course_days >= due["day"]
