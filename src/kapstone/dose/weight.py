"""The weight an order rests on: its basis, its age, its change.

Source: ideal weight by Devine's formula, adjusted weight ideal + 0.4 of the excess (mark G).
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from kapstone.dose.order import RANGES, Sex, Situation, WeightBasis
from kapstone.dose.rows import content
from kapstone.errors import InvalidInput

_IDEAL_AT_152_CM = {Sex.MALE: Decimal(50), Sex.FEMALE: Decimal("45.5")}
_LEAST_KG = RANGES["weight_kg"][0]


def ideal_kg(height_cm: Decimal, sex: Sex) -> Decimal | None:
    """Ideal weight in kg; None where the formula has no answer (another sex, too short)."""
    if sex not in _IDEAL_AT_152_CM:
        return None
    ideal = _IDEAL_AT_152_CM[sex] + Decimal("0.9") * (height_cm - 152)
    return ideal if ideal >= _LEAST_KG else None


def weights(order: Situation) -> Mapping[WeightBasis, Decimal]:
    """Each weight in kg that can be computed from what the order says."""
    if order.weight_kg is None:
        return {}
    actual = {WeightBasis.ACTUAL: order.weight_kg}
    if order.height_cm is None or order.sex is None:
        return actual
    ideal = ideal_kg(order.height_cm, order.sex)
    if ideal is None:
        return actual
    adjusted = ideal + Decimal("0.4") * (order.weight_kg - ideal)
    return actual | {WeightBasis.IDEAL: ideal, WeightBasis.ADJUSTED: adjusted}


def choices(order: Situation) -> Mapping[WeightBasis, Decimal]:
    """The weights an order may rest on: a basis may lower a dose, never raise it."""
    known = weights(order)
    return {basis: kg for basis, kg in known.items() if kg <= known[WeightBasis.ACTUAL]}


def chosen_kg(order: Situation) -> Decimal | None:
    """The weight of the chosen basis, the actual one until another is chosen; None if unknown.

    Raises
    ------
    InvalidInput
        where the chosen basis cannot be computed for this person or is heavier than the person.
    """
    basis = order.weight_basis or WeightBasis.ACTUAL
    weight_kg = choices(order).get(basis)
    computable = None not in (order.weight_kg, order.height_cm, order.sex)
    if weight_kg is None and computable:
        problem = f"this person has no {basis} weight below the actual one."
        raise InvalidInput("weight_basis", problem, "Choose actual.")
    return weight_kg


def unknowns(order: Situation) -> Iterator[tuple[str, str]]:
    """(key, rule) for each fact about the weight that must be given or given again."""
    yield from ((key, "DOS-W1") for key in _basis_unknowns(order))
    limits = content().rules["DOS-W2"].numbers
    if order.weight_days_ago is None or order.weight_days_ago > limits["days_max"]:
        yield "weight_days_ago", "DOS-W2"
    impossible = _bmi_is(order, lambda bmi: not limits["bmi_least"] <= bmi <= limits["bmi_most"])
    if impossible or differs_much(order.weight_kg, order.previous_weight_kg):
        yield "weight_kg", "DOS-W2"
    if impossible:
        yield "height_cm", "DOS-W2"


def _basis_unknowns(order: Situation) -> Iterator[str]:
    if order.weight_basis is WeightBasis.ACTUAL:
        return
    if order.height_cm is None:
        yield "height_cm"
    if order.weight_basis is not None:
        if order.sex is None:
            yield "sex"
    elif _bmi_is(order, lambda bmi: bmi >= content().rules["DOS-W1"].numbers["bmi_from"]):
        yield "weight_basis"


def _bmi_is(order: Situation, so: Callable[[Decimal], bool]) -> bool:
    """Whether the body mass index is known, and so."""
    if order.weight_kg is None or order.height_cm is None:
        return False
    return so(order.weight_kg * 10000 / order.height_cm**2)


def differs_much(weight_kg: Decimal | None, previous_kg: Decimal | None) -> bool:
    """Whether a weight differs so much from the last one that it is asked again.

    Both in kg; nothing to compare with is no difference. Source: DOS-W2, mark P.
    """
    if weight_kg is None or previous_kg is None:
        return False
    limits = content().rules["DOS-W2"].numbers
    return abs(weight_kg - previous_kg) * 100 > limits["change_max_percent"] * previous_kg
