"""TRUE, FALSE or UNKNOWN (None) for one tree of the grammar, by Kleene's logic."""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kapstone.eligibility import medicines
from kapstone.eligibility.facts import Facts, Value, exact
from kapstone.eligibility.grammar import (
    AllergyIn,
    And,
    Bound,
    Check,
    Compare,
    Each,
    Fired,
    Holds,
    Is,
    Node,
    Not,
    Operand,
    Or,
    Takes,
)

Truth = bool | None

_ORDER: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_WORDS = {"TRUE": True, "FALSE": False, "UNKNOWN": None}


@dataclass(frozen=True, slots=True)
class Run:
    """What a tree is read against: the facts, and the rules that fired so far."""

    facts: Facts
    fired: frozenset[str] = frozenset()


def both(parts: Iterable[Truth]) -> Truth:
    """AND: one FALSE settles it, else UNKNOWN wins."""
    told = list(parts)
    return False if False in told else None if None in told else True


def either(parts: Iterable[Truth]) -> Truth:
    """OR: one TRUE settles it, else UNKNOWN wins."""
    told = list(parts)
    return True if True in told else None if None in told else False


def truth(node: Node, run: Run) -> Truth:
    """What one tree says of one run."""
    match node:
        case And(parts):
            return both(truth(part, run) for part in parts)
        case Or(parts):
            return either(truth(part, run) for part in parts)
        case Not(of):
            told = truth(of, run)
            return None if told is None else not told
        case Is(of, word, negated):
            return (truth(of, run) is _WORDS[word]) is not negated
        case Fired(rule):
            return rule in run.fired
        case Holds(key):
            value = read(Operand(key), run.facts)
            return None if value is None else value is not False
        case Takes():
            return _takes(node, run.facts)
        case AllergyIn(key, among):
            return _allergy_in(key, among, run.facts)
        case Each():
            return _each(node, run.facts)
        case _:
            return _compare(node, run.facts)


def read(operand: Operand, facts: Facts) -> Value | Fraction | None:
    """A key as the operand views it; None while it is UNKNOWN."""
    value = COMPUTED[operand.key](facts) if operand.key in COMPUTED else facts.get(operand.key)
    if not isinstance(value, tuple):
        return value
    if not value and operand.view in ("pair", "level"):
        return None
    match operand.view:
        case "count":
            return len(value)
        case "pair":
            return value[-2:]
        case "level":
            pair = [exact(item) for item in value[-2:] if not isinstance(item, str)]
            return sum(pair, Fraction(0)) / len(pair)
        case _:
            return value


def _compare(node: Compare, facts: Facts) -> Truth:
    value = read(node.of, facts)
    if value is None:
        return False if _settled(node.of.key, facts) else None
    return _meets(value, node.test)


def _settled(key: str, facts: Facts) -> bool:
    """A condition that neither is nor was has no date, grade or control to compare."""
    stem, _, facet = key.rpartition(".")
    return facet in ("days_ago", "severity", "controlled") and all(
        facts.get(f"{stem}.{when}") is False for when in ("current", "history")
    )


def _each(node: Each, facts: Facts) -> Truth:
    values = read(node.of, facts)
    if not isinstance(values, tuple):
        return None
    if not node.every and node.of.key == "allergies":
        return any(_is_allergy(str(item), bound) for item in values for bound in node.test.bounds)
    told = [_meets(item, node.test) for item in values]
    return bool(told) and (all(told) if node.every else any(told))


def _meets(value: Value | Fraction, check: Check) -> bool:
    if check.op in _ORDER:
        bound = check.bounds[0]
        if isinstance(value, str | tuple) or isinstance(bound, str):
            return False
        return _ORDER[check.op](_fraction(value), bound)
    equal = any(_equals(value, bound) for bound in check.bounds)
    return not equal if check.op == "!=" else equal


def _equals(value: Value | Fraction, bound: Bound) -> bool:
    if isinstance(value, str | tuple) or isinstance(bound, str):
        return value == bound
    return _fraction(value) == bound


def _fraction(value: int | float | Decimal | Fraction) -> Fraction:
    return value if isinstance(value, Fraction) else exact(value)


def _takes(node: Takes, facts: Facts) -> Truth:
    if facts.medicines is None:
        return None
    told: list[Truth] = [
        None for medicine in facts.medicines if not (medicine.known or medicine.planned)
    ]
    for medicine in facts.medicines:
        if node.group in medicine.classes:
            amount = medicine.amounts.get(node.field)
            told.append(
                True if node.test is None else None if amount is None else _meets(amount, node.test)
            )
    return either(told)


def _is_allergy(allergy: str, bound: Bound) -> bool:
    return medicines.mentions(allergy, medicines.ALLERGENS.get(str(bound), (str(bound),)))


def _allergy_in(key: str, among: str, facts: Facts) -> Truth:
    allergies, product, named = facts.get(key), facts.get("product"), facts.get(among)
    if not isinstance(allergies, tuple):
        return None
    listed = medicines.EXCIPIENTS.get(str(product), ())
    names = (
        listed + tuple(str(name) for name in named if named) if isinstance(named, tuple) else listed
    )
    if any(medicines.mentions(str(allergy), names) for allergy in allergies):
        return True
    return None if product is None and allergies else False


def _bmi(facts: Facts) -> Fraction | None:
    weight_kg, height_cm = facts.number("weight_kg"), facts.number("height_cm")
    return None if weight_kg is None or height_cm is None else weight_kg / (height_cm / 100) ** 2


def _dose_mg_per_kg(facts: Facts) -> Fraction | None:
    given, dose_mg = facts.number("dose_mg_per_kg"), facts.number("dose_mg")
    weight_kg = facts.number("weight_kg")
    return (
        given if given is not None or dose_mg is None or weight_kg is None else dose_mg / weight_kg
    )


def _lorazepam_eq_mg(facts: Facts) -> Fraction | None:
    return None if facts.medicines is None else medicines.lorazepam_eq_mg(facts.medicines)


COMPUTED: Mapping[str, Callable[[Facts], Fraction | None]] = {
    "bmi": _bmi,
    "dose_mg_per_kg": _dose_mg_per_kg,
    "lorazepam_eq_mg": _lorazepam_eq_mg,
}
