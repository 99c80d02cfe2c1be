"""The rules beside the rows: first exposure, reduced start, step up, sedative, how often."""

from collections.abc import Iterator
from decimal import Decimal

from kapstone.dose.order import ChildPugh, PreviousDose, Situation
from kapstone.dose.result import State
from kapstone.dose.rows import RuleRow, content
from kapstone.dose.verdict import Case, Verdict, verdict

WEEK_DAYS = 7


def of_rules(case: Case) -> Iterator[Verdict]:
    """The answers of every rule."""
    for rule in (_first_exposure, _start, _step_up, _sedative, _how_often):
        yield from rule(case)


def reduced_starts(order: Situation) -> list[RuleRow]:
    """The rules that lower the start of this order; the smallest start wins."""
    if not order.may_be_first:
        return []
    age, liver = (content().rules[name] for name in ("DOS-AGE", "DOS-HEP"))
    old = order.age_y is not None and order.age_y >= age.numbers["age_from_y"]
    # C is worse than B: a worse liver never loosens a limit.
    ill = order.child_pugh in (ChildPugh.B, ChildPugh.C)
    return [age] * (old and age.is_for(order.product)) + [liver] * ill


def step_conditions(last: PreviousDose) -> dict[str, bool | None]:
    """What a step up rests on, by key: met, not met, or unknown (None)."""
    grade, below = last.max_ae_grade, content().rules["DOS-R2"].numbers["ae_grade_below"]
    return {
        "max_ae_grade": None if grade is None else grade < below,
        "bp_ok": last.bp_ok,
        "tolerated": last.tolerated,
    }


def _first_exposure(case: Case) -> Iterator[Verdict]:
    limit_mg = case.limits.first_max_mg
    if limit_mg is None or case.dose_mg <= limit_mg:
        return
    rule = content().rules["DOS-R1"]
    because = {"dose_mg": case.dose_mg, "first_exposure": case.order.first_exposure}
    yield verdict(rule, State.REFUSED, rule.message, "above first_max", because)
    if case.order.first_exposure is None:
        yield Verdict(rule.id, key="first_exposure")


def _start(case: Case) -> Iterator[Verdict]:
    start_mg = case.row.start.max.in_mg(case.limits.weight_kg)
    for rule in reduced_starts(case.order):
        if case.dose_mg > start_mg * rule.numbers["start_max_factor"]:
            key = "age_y" if rule.id == "DOS-AGE" else "child_pugh"
            because = {"dose_mg": case.dose_mg, key: getattr(case.order, key)}
            state = State.NEEDS_RATIONALE
            yield verdict(rule, state, rule.message, "above the reduced start", because)
    age = content().rules["DOS-AGE"]
    unless_young = case.dose_mg > start_mg * age.numbers["start_max_factor"]
    asked = case.order.may_be_first and age.is_for(case.order.product)
    if asked and unless_young and case.order.age_y is None:
        yield Verdict(age.id, key="age_y")


def _step_up(case: Case) -> Iterator[Verdict]:
    last = case.order.last
    if last is None or case.dose_mg <= last.dose_mg:
        return
    rule, most = content().rules["DOS-R2"], case.row.step_max
    facts = step_conditions(last)
    yield from (Verdict(rule.id, key=f"previous.{key}") for key in facts if facts[key] is None)
    step_mg = case.dose_mg - last.dose_mg
    large = most is not None and step_mg > most.in_mg(case.limits.weight_kg)
    if large or False in facts.values():
        because = {"dose_mg": case.dose_mg, "previous.dose_mg": last.dose_mg} | {
            f"previous.{key}": getattr(last, key) for key in facts
        }
        band = "step above step_max" if large else "last dose not well borne"
        yield verdict(rule, State.NEEDS_RATIONALE, rule.message, band, because)


def _sedative(case: Case) -> Iterator[Verdict]:
    if case.order.sedative_planned:
        rule, because = content().rules["DOS-R3"], {"sedative_planned": True}
        yield verdict(rule, State.NEEDS_RATIONALE, rule.message, "planned", because)


def _how_often(case: Case) -> Iterator[Verdict]:
    rule, week = content().rules["SER-02"], week_of(case.order.course_days)
    weeks = None if week is None else case.row.weeks(week)
    count = len(case.order.this_week) + 1
    if weeks is not None and count > weeks.per_week_at_most:
        because = {
            "week": week,
            "doses_this_week": count,
            "per_week_at_most": weeks.per_week_at_most,
        }
        yield verdict(rule, State.NEEDS_RATIONALE, rule.message, f"week {week}", because)


def week_of(course_days: Decimal | None) -> int | None:
    """The week of the course that a day falls into, from 1; None while the day is unknown."""
    return None if course_days is None else int(course_days // WEEK_DAYS) + 1
