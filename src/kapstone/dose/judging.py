"""The rules on a dose whose weight is known, one function each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kapstone.dose.order import ChildPugh, Order, PreviousDose, SaltOrBase
from kapstone.dose.result import State
from kapstone.dose.rows import RangeRow, RuleRow, content
from kapstone.findings import Finding, Severity
from kapstone.limits import Limits, Tier

_SEVERITY = {
    State.WITHIN: Severity.CAUTION,
    State.NEEDS_RATIONALE: Severity.RELATIVE,
    State.NEEDS_SECOND_SIGNATURE: Severity.RELATIVE,
    State.REFUSED: Severity.ABSOLUTE,
}
_SIGNERS = {
    State.NEEDS_RATIONALE: ("prescriber",),
    State.NEEDS_SECOND_SIGNATURE: ("prescriber", "pharmacist", "medical director"),
}
_TIERS = {
    Tier.ABOVE_HARD: (State.REFUSED, "The dose is above the hard limit: nobody can order it."),
    Tier.ABOVE_SOFT: (
        State.NEEDS_SECOND_SIGNATURE,
        "The dose is above the soft limit: the prescriber's rationale and a second signature "
        "(pharmacist or medical director).",
    ),
    Tier.BELOW_START: (
        State.NEEDS_RATIONALE,
        "The dose is below the lowest usual start: the prescriber's rationale.",
    ),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One order with the exact figures it is judged by."""

    order: Order
    row: RangeRow
    dose_mg: Decimal
    limits: Limits


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule's answer: a finding with the state it asks for, or a key it cannot do without."""

    rule: str
    state: State = State.WITHIN
    finding: Finding | None = None
    key: str = ""


def verdicts(case: Case) -> Iterator[Verdict]:
    """The answers of every rule."""
    for rule in (_range, _first_exposure, _start, _rate, _dilution, _salt, _step_up):
        yield from rule(case)


def reduced_starts(order: Order) -> list[RuleRow]:
    """The rules that lower the start of this order; the smallest start wins."""
    rules = content().rules
    if not order.may_be_first:
        return []
    old = order.age_y is not None and order.age_y >= rules["DOS-AGE"].numbers["age_from_y"]
    # C is worse than B: a worse liver never loosens a limit.
    liver = order.child_pugh in (ChildPugh.B, ChildPugh.C)
    return [rules["DOS-AGE"]] * old + [rules["DOS-HEP"]] * liver


def _verdict(
    row: RangeRow | RuleRow, state: State, message: str, band: str, because: Mapping[str, object]
) -> Verdict:
    finding = Finding(
        code=row.id,
        severity=_SEVERITY[state],
        message=message,
        band=band,
        because={key: value for key, value in because.items() if value is not None},
        source=row.source,
        mark=row.mark,
        overridable_by=_SIGNERS.get(state, ()),
    )
    return Verdict(row.id, state, finding)


def _range(case: Case) -> Iterator[Verdict]:
    tier = case.limits.tier(case.dose_mg)
    if tier in _TIERS:
        state, message = _TIERS[tier]
        because = {"dose_mg": case.dose_mg, "weight_kg": case.limits.weight_kg}
        yield _verdict(case.row, state, message, tier, because)


def _first_exposure(case: Case) -> Iterator[Verdict]:
    limit_mg = case.limits.first_max_mg
    if limit_mg is None or case.dose_mg <= limit_mg:
        return
    rule = content().rules["DOS-R1"]
    because = {"dose_mg": case.dose_mg, "first_exposure": case.order.first_exposure}
    yield _verdict(rule, State.REFUSED, rule.message, "above first_max", because)
    if case.order.first_exposure is None:
        yield Verdict(rule.id, key="first_exposure")


def _start(case: Case) -> Iterator[Verdict]:
    start_mg = case.row.start_mg_per_kg["max"] * case.limits.weight_kg
    for rule in reduced_starts(case.order):
        if case.dose_mg > start_mg * rule.numbers["start_max_factor"]:
            key = "age_y" if rule.id == "DOS-AGE" else "child_pugh"
            because = {"dose_mg": case.dose_mg, key: getattr(case.order, key)}
            state = State.NEEDS_RATIONALE
            yield _verdict(rule, state, rule.message, "above the reduced start", because)
    age = content().rules["DOS-AGE"]
    unless_young = case.dose_mg > start_mg * age.numbers["start_max_factor"]
    if unless_young and case.order.age_y is None and case.order.may_be_first:
        yield Verdict(age.id, key="age_y")


def _rate(case: Case) -> Iterator[Verdict]:
    least, given = case.row.infusion_min_at_least, case.order.infusion_min
    if least is not None and given is not None and given < least:
        message = f"Faster than the {least} minutes the limits rest on: the prescriber's rationale."
        state, band = State.NEEDS_RATIONALE, f"infusion under {least} min"
        yield _verdict(case.row, state, message, band, {"infusion_min": given})


def _dilution(case: Case) -> Iterator[Verdict]:
    at_least, given = case.row.dilute_from_mg_per_ml, case.order.concentration_mg_per_ml
    if at_least is not None and given is not None and given >= at_least:
        message = "This strength is diluted before it is given by vein."
        because = {"concentration_mg_per_ml": given}
        yield _verdict(case.row, State.WITHIN, message, f"{at_least} mg/mL or more", because)


def _salt(case: Case) -> Iterator[Verdict]:
    if case.order.salt_or_base is SaltOrBase.SALT:
        message = (
            "The dose is written as salt, the limits are in base: the same figure as salt holds "
            "less drug. It is held against the limits unchanged."
        )
        because = {"salt_or_base": case.order.salt_or_base}
        yield _verdict(case.row, State.WITHIN, message, "salt", because)


def _step_up(case: Case) -> Iterator[Verdict]:
    if not case.order.previous:
        return
    last = min(case.order.previous, key=lambda dose: dose.days_ago)
    step_mg = case.dose_mg - last.dose_mg
    if step_mg <= 0:
        return
    rule = content().rules["DOS-R2"]
    facts = _how_it_went(last, rule.numbers["ae_grade_below"])
    yield from (Verdict(rule.id, key=f"previous.{key}") for key in facts if facts[key] is None)
    large = step_mg > case.row.step_max.in_mg(case.limits.weight_kg)
    if large or False in facts.values():
        because = {"dose_mg": case.dose_mg, "previous.dose_mg": last.dose_mg} | {
            f"previous.{key}": getattr(last, key) for key in facts
        }
        band = "step above step_max" if large else "last dose not well borne"
        yield _verdict(rule, State.NEEDS_RATIONALE, rule.message, band, because)


def _how_it_went(last: PreviousDose, grade_below: Decimal) -> dict[str, bool | None]:
    grade = last.max_ae_grade
    return {
        "max_ae_grade": None if grade is None else grade < grade_below,
        "bp_ok": last.bp_ok,
        "tolerated": last.tolerated,
    }
