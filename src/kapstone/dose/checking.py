"""An order held against its limits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from kapstone.dose import weight
from kapstone.dose.figures import figures
from kapstone.dose.judging import of_row
from kapstone.dose.order import Order, Situation
from kapstone.dose.result import BasisDose, DoseCheck, State, Unknown
from kapstone.dose.rows import RangeRow, content
from kapstone.dose.rules import of_rules, reduced_starts
from kapstone.dose.verdict import Case, Verdict
from kapstone.errors import UnknownContent
from kapstone.limits import Bound, Limits

HardLimits = Mapping[str, Bound]  # a clinic's own, by the id of the row
AS_PUBLISHED: HardLimits = MappingProxyType({})


def check(order: Order, clinic_max: HardLimits = AS_PUBLISHED) -> DoseCheck:
    """Judge one order.

    Where the indication is unknown and the rows it could fall under say different things, it is
    asked for; until then the first of them is shown.

    Parameters
    ----------
    order : the order as written.
    clinic_max : the clinic's own hard limits; the lower of the two counts, so each can only lower.

    Raises
    ------
    UnknownContent
        for a product, route or indication this release holds no limits for.
    InvalidInput
        where given figures disagree, or the weight basis does not fit the person.
    """
    rows = rows_for(order)
    found, *others = [_check(order, row, clinic_max) for row in rows]
    if all(other.state is found.state for other in others):
        return found
    asked = Unknown("indication_id", tuple(row.id for row in rows))
    return replace(found, state=State.INCOMPLETE, unknown=(*found.unknown, asked))


def rows_for(order: Situation) -> tuple[RangeRow, ...]:
    """The rows that hold for a product, route and indication: one, or several while it is unknown.

    Raises `UnknownContent` where this release holds none.
    """
    asked = (order.product, order.route)
    for outside in content().outside:
        if (*asked, order.indication_id) == (outside.product, outside.route, outside.indication_id):
            raise UnknownContent(f"{outside.id}: {outside.message}")
    rows = [row for row in content().ranges if (row.product, row.route) == asked]
    named = order.indication_id
    fitting = [row for row in rows if not row.indications or named in (None, *row.indications)]
    if not fitting:
        have = ", ".join(
            " ".join((row.product, row.route, *row.indications)) for row in content().ranges
        )
        why = f" for {named}" * bool(rows)
        raise UnknownContent(
            f"{order.product} {order.route}{why}: this release holds no dose limits for it, so the "
            f"order cannot be checked. Held: {have}."
        )
    return tuple(fitting)


def limits_for(
    order: Situation, row: RangeRow, clinic_max: HardLimits = AS_PUBLISHED
) -> Limits | None:
    """What a row means for this person, exact; None while the weight it rests on is unknown."""
    weight_kg = weight.chosen_kg(order)
    if weight_kg is None:
        return None
    factors = [rule.numbers["start_min_factor"] for rule in reduced_starts(order)]
    published_mg, own = row.hard_max.in_mg(weight_kg), clinic_max.get(row.id)
    hard_mg = min(published_mg, own.in_mg(weight_kg)) if own else published_mg
    first = row.first_max if order.may_be_first else None
    return Limits(
        rule=row.id,
        weight_kg=weight_kg,
        start_min_mg=row.start.min.in_mg(weight_kg) * min(factors, default=Decimal(1)),
        usual_min_mg=row.usual.min.in_mg(weight_kg),
        usual_max_mg=row.usual.max.in_mg(weight_kg),
        soft_max_mg=row.soft_max.in_mg(weight_kg),
        hard_max_mg=hard_mg,
        first_max_mg=first.in_mg(weight_kg) if first else None,
        published_hard_max_mg=published_mg if hard_mg < published_mg else None,
    )


def _check(order: Order, row: RangeRow, clinic_max: HardLimits) -> DoseCheck:
    limits = limits_for(order, row, clinic_max)
    exact = figures(order, limits.weight_kg if limits else None, row.device_mg)
    judged: list[Verdict] = []
    if limits is not None and exact.dose_mg is not None:
        case = Case(order, row, exact.dose_mg, limits)
        judged = [*of_row(case), *of_rules(case)]
    unknown = _unknown(order, row, judged)
    states = [verdict.state for verdict in judged if verdict.finding] or [State.WITHIN]
    shown = exact.rounded()
    return DoseCheck(
        state=max(states + [State.INCOMPLETE] * bool(unknown), key=lambda state: state.rank),
        dose_mg=shown.dose_mg,
        dose_mg_per_kg=shown.dose_mg_per_kg,
        volume_ml=shown.volume_ml,
        devices=shown.devices,
        limits=None if limits is None else limits.rounded(),
        by_weight=tuple(_by_weight(order)),
        findings=tuple(verdict.finding for verdict in judged if verdict.finding),
        unknown=unknown,
        version=content().version,
    )


def _unknown(order: Order, row: RangeRow, judged: Sequence[Verdict]) -> tuple[Unknown, ...]:
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
