"""The limits of one row on a dose whose weight is known, one function each."""

from collections.abc import Iterator

from kapstone.dose.order import SaltOrBase
from kapstone.dose.result import State
from kapstone.dose.verdict import Case, Verdict, verdict
from kapstone.limits import Limits, Tier, round_mg

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


def of_row(case: Case) -> Iterator[Verdict]:
    """What the row itself says."""
    for rule in (_range, _devices, _week, _rate, _dilution, _salt):
        yield from rule(case)


def _range(case: Case) -> Iterator[Verdict]:
    tier = case.limits.tier(case.dose_mg)
    if tier in _TIERS:
        state, message = _TIERS[tier]
        if tier is Tier.ABOVE_HARD:
            message = _of_this_clinic(case.limits) or message
        because = {"dose_mg": case.dose_mg, "weight_kg": case.limits.weight_kg}
        yield verdict(case.row, state, message, tier, because)


def _of_this_clinic(limits: Limits) -> str:
    """What refuses where the clinic's own limit is the lower one; else nothing."""
    if limits.published_hard_max_mg is None:
        return ""
    hard_mg, published_mg = round_mg(limits.hard_max_mg), round_mg(limits.published_hard_max_mg)
    return (
        f"The dose is above this clinic's hard limit of {hard_mg} mg (published: {published_mg} "
        "mg): nobody can order it here."
    )


def _devices(case: Case) -> Iterator[Verdict]:
    allowed = case.row.allowed_mg
    if allowed and case.dose_mg not in allowed and case.dose_mg <= case.limits.hard_max_mg:
        message = f"It is given as {' or '.join(map(str, allowed))} mg, in whole devices."
        yield verdict(case.row, State.REFUSED, message, "other dose", {"dose_mg": case.dose_mg})


def _week(case: Case) -> Iterator[Verdict]:
    most_mg = case.row.hard_max_mg_per_week
    week_mg = case.dose_mg + sum(dose.dose_mg for dose in case.order.this_week)
    if most_mg is not None and week_mg > most_mg:
        message = f"With the doses of the 6 days before it is more than {most_mg} mg a week."
        because = {"dose_mg": case.dose_mg, "week_mg": week_mg}
        yield verdict(case.row, State.REFUSED, message, "above the week's hard_max", because)


def _rate(case: Case) -> Iterator[Verdict]:
    least, most = case.row.infusion_min_at_least, case.row.infusion_min_at_most
    given = case.order.infusion_min
    if given is None:
        return
    state, because = State.NEEDS_RATIONALE, {"infusion_min": given}
    if least is not None and given < least:
        message = f"Faster than the {least} minutes the limits rest on: the prescriber's rationale."
        yield verdict(case.row, state, message, f"infusion under {least} min", because)
    if most is not None and given > most:
        message = f"Slower than {most} minutes: the prescriber's rationale."
        yield verdict(case.row, state, message, f"infusion over {most} min", because)


def _dilution(case: Case) -> Iterator[Verdict]:
    at_least, given = case.row.dilute_from_mg_per_ml, case.order.concentration_mg_per_ml
    if at_least is not None and given is not None and given >= at_least:
        message = "This strength is diluted before it is given by vein."
        because = {"concentration_mg_per_ml": given}
        yield verdict(case.row, State.WITHIN, message, f"{at_least} mg/mL or more", because)


def _salt(case: Case) -> Iterator[Verdict]:
    if case.order.salt_or_base is SaltOrBase.SALT:
        message = (
            "The dose is written as salt, the limits are in base: the same figure as salt holds "
            "less drug. It is held against the limits unchanged."
        )
        because = {"salt_or_base": case.order.salt_or_base}
        yield verdict(case.row, State.WITHIN, message, "salt", because)
