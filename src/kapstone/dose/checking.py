"""An order held against its limits."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from kapstone.dose import weight
from kapstone.dose.figures import figures
from kapstone.dose.judging import Case, Verdict, reduced_starts, verdicts
from kapstone.dose.order import Order
from kapstone.dose.result import BasisDose, DoseCheck, State, Unknown
from kapstone.dose.rows import RangeRow, content
from kapstone.errors import UnknownContent
from kapstone.limits import Bound, Limits


def check(order: Order, clinic_max: Bound | None = None) -> DoseCheck:
    """Judge one order.

    Parameters
    ----------
    order : the order as written.
    clinic_max : the clinic's own hard limit; the lower of the two counts, so it can only lower.

    Raises
    ------
    UnknownContent
        for a product, route or indication this release holds no limits for.
    InvalidInput
        where given figures disagree, or the weight basis does not fit the person.
    """
    row = _row(order)
    weight_kg = weight.chosen_kg(order)
    exact = figures(order, weight_kg)
    limits = None if weight_kg is None else _limits(order, row, weight_kg, clinic_max)
    judged: list[Verdict] = []
    if limits is not None and exact.dose_mg is not None:
        judged = list(verdicts(Case(order, row, exact.dose_mg, limits)))
    unknown = _unknown(order, row, judged)
    states = [verdict.state for verdict in judged if verdict.finding] or [State.WITHIN]
    shown = exact.rounded()
    return DoseCheck(
        state=max(states + [State.INCOMPLETE] * bool(unknown), key=lambda state: state.rank),
        dose_mg=shown.dose_mg,
        dose_mg_per_kg=shown.dose_mg_per_kg,
        volume_ml=shown.volume_ml,
        limits=None if limits is None else limits.rounded(),
        by_weight=tuple(_by_weight(order)),
        findings=tuple(verdict.finding for verdict in judged if verdict.finding),
        unknown=unknown,
        version=content().version,
    )


def _row(order: Order) -> RangeRow:
    for outside in content().outside:
        if (outside.route, outside.indication_id) == (order.route, order.indication_id):
            raise UnknownContent(f"{outside.id}: {outside.message}")
    held = {(row.product, row.route): row for row in content().ranges}
    try:
        return held[order.product, order.route]
    except KeyError:
        have = ", ".join(f"{product} {route}" for product, route in held)
        raise UnknownContent(
            f"{order.product} {order.route}: this release holds no dose limits for it, so the "
            f"order cannot be checked. Held: {have}."
        ) from None


def _limits(order: Order, row: RangeRow, weight_kg: Decimal, clinic_max: Bound | None) -> Limits:
    factors = [rule.numbers["start_min_factor"] for rule in reduced_starts(order)]
    hard_mg = [bound.in_mg(weight_kg) for bound in (row.hard_max, clinic_max) if bound]
    return Limits(
        rule=row.id,
        weight_kg=weight_kg,
        start_min_mg=row.start_mg_per_kg["min"] * weight_kg * min(factors, default=Decimal(1)),
        usual_min_mg=row.usual_mg_per_kg["min"] * weight_kg,
        usual_max_mg=row.usual_mg_per_kg["max"] * weight_kg,
        soft_max_mg=row.soft_max.in_mg(weight_kg),
        hard_max_mg=min(hard_mg),
        first_max_mg=row.first_max.in_mg(weight_kg) if order.may_be_first else None,
    )


def _unknown(order: Order, row: RangeRow, judged: list[Verdict]) -> tuple[Unknown, ...]:
    needs = [*_missing(order, row), *weight.unknowns(order)]
    needs += [(verdict.key, verdict.rule) for verdict in judged if verdict.key]
    rules: dict[str, list[str]] = {}
    for key, rule in needs:
        rules.setdefault(key, []).append(rule)
    return tuple(Unknown(key, tuple(sorted(set(by)))) for key, by in rules.items())


def _missing(order: Order, row: RangeRow) -> Iterator[tuple[str, str]]:
    if order.weight_kg is None:
        yield "weight_kg", row.id
    if row.infusion_min_at_least is not None and order.infusion_min is None:
        yield "infusion_min", row.id
    if order.volume_ml is not None and order.concentration_mg_per_ml is None:
        yield "concentration_mg_per_ml", row.id


def _by_weight(order: Order) -> Iterator[BasisDose]:
    # The source figure stays as written; the others follow the weight.
    by_kg = None if order.dose_mg else order.dose_mg_per_kg
    written = replace(order, dose_mg_per_kg=by_kg, volume_ml=None)
    for basis, weight_kg in weight.choices(order).items():
        shown = figures(written, weight_kg).rounded()
        yield BasisDose(basis, weight_kg, shown.dose_mg, shown.dose_mg_per_kg)
