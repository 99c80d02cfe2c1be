"""TRUE, FALSE or UNKNOWN (None) for one tree of the grammar, by Kleene's logic."""

import operator
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
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
    TierIsHigh,
)
from kapstone.eligibility.medicines import Medicine, Number
from kapstone.risk import Screener, is_high

Truth = bool | None
Real = Number | Fraction
Read = Value | Fraction | None

_ORDER: Mapping[str, Callable[[Real, Real], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ASKED = tuple(each.name for each in fields(Screener))
_WORDS = {"TRUE": True, "FALSE": False, "UNKNOWN": None}


@dataclass(frozen=True, slots=True)
class Run:
    """What a tree is read against: the facts, and the rules that fired so far."""

    facts: Facts
    fired: AbstractSet[str] = frozenset()


Test = Callable[[Run], Truth]
Listed = tuple[Number, ...] | tuple[str, ...]
Reader = Callable[[Facts], Read]
Meets = Callable[[Value | Fraction], bool]


def both(told: Iterable[Truth]) -> Truth:
    """AND: one FALSE settles it, else UNKNOWN wins."""
    outcome: Truth = True
    for each in told:
        if each is False:
            return False
        outcome = outcome and each
    return outcome


def either(told: Iterable[Truth]) -> Truth:
    """OR: one TRUE settles it, else UNKNOWN wins."""
    outcome: Truth = False
    for each in told:
        if each is True:
            return True
        outcome = each if each is None else outcome
    return outcome


def truth(node: Node, run: Run) -> Truth:
    """What one tree says of one run."""
    return compiled(node)(run)


def compiled(node: Node) -> Test:
    """A tree as a function of a run, made once for each rule."""
    match node:
        case And(parts):
            all_of = tuple(map(compiled, parts))
            return lambda run: both(test(run) for test in all_of)
        case Or(parts):
            any_of = tuple(map(compiled, parts))
            return lambda run: either(test(run) for test in any_of)
        case Not(of):
            return _negated(compiled(of))
        case Is(of, word, negated):
            test, wanted = compiled(of), _WORDS[word]
            return lambda run: (test(run) is wanted) is not negated
        case Fired(rule):
            return lambda run: rule in run.fired
        case TierIsHigh():
            return _tier_is_high
        case Holds(key):
            return _holds(_reader(Operand(key)))
        case Takes():
            return _takes(node)
        case AllergyIn(key, among):
            return lambda run: _allergy_in(key, among, run.facts)
        case Each():
            return _each(node)
        case _:
            return _compare(node)


def _tier_is_high(run: Run) -> Truth:
    told = {
        name: run.facts.get(f"cssrs.{name}") is True
        for name in _ASKED
        if run.facts.is_known(f"cssrs.{name}")
    }
    return is_high(Screener(**told))


def _negated(test: Test) -> Test:
    def tell(run: Run) -> Truth:
        told = test(run)
        return None if told is None else not told

    return tell


def _holds(read: Reader) -> Test:
    def tell(run: Run) -> Truth:
        value = read(run.facts)
        return None if value is None else value is not False

    return tell


def _reader(operand: Operand) -> Reader:
    """A key as the operand views it; None while it is UNKNOWN."""
    key = operand.key
    if key in COMPUTED:
        return COMPUTED[key]
    if operand.view == "value":
        return lambda facts: facts.values.get(key)
    view = _VIEWS[operand.view]

    def read(facts: Facts) -> Read:
        value = facts.values.get(key)
        return view(value) if isinstance(value, tuple) else None

    return read


def _level(values: Listed) -> Read:
    pair = [exact(value) for value in values[-2:] if not isinstance(value, str)]
    return sum(pair, Fraction(0)) / len(pair) if pair else None


_VIEWS: Mapping[str, Callable[[Listed], Read]] = {
    "list": lambda values: values,
    "count": len,
    "pair": lambda values: values[-2:] or None,
    "level": _level,
}


def _compare(node: Compare) -> Test:
    read, meets, key = _reader(node.of), _meets(node.test), node.of.key

    def tell(run: Run) -> Truth:
        value = read(run.facts)
        if value is None:
            return False if _settled(key, run.facts) else None
        return meets(value)

    return tell


def _settled(key: str, facts: Facts) -> bool:
    """A condition that neither is nor was has no date, grade or control to compare."""
    stem, _, facet = key.rpartition(".")
    return facet in ("days_ago", "severity", "controlled") and all(
        facts.get(f"{stem}.{when}") is False for when in ("current", "history")
    )


def _each(node: Each) -> Test:
    read, over = _reader(node.of), all if node.every else any
    by_name = node.of.key == "allergies" and not node.every
    meets = _is_allergy(node.test) if by_name else _meets(node.test)

    def tell(run: Run) -> Truth:
        values = read(run.facts)
        if not isinstance(values, tuple):
            return None
        return bool(values) and over(meets(item) for item in values)

    return tell


def _meets(check: Check) -> Meets:
    """Whether a value passes a check. A whole bound is compared as it is: that is exact."""
    bounds = [_bound(bound) for bound in check.bounds]
    if check.op not in _ORDER:
        wanted = check.op != "!="
        return lambda value: any(_equals(value, bound) for bound in bounds) is wanted
    compare, (bound,) = _ORDER[check.op], bounds
    if isinstance(bound, str):
        return lambda value: False
    if isinstance(bound, int):
        return lambda value: not isinstance(value, str | tuple) and compare(value, bound)
    return lambda value: not isinstance(value, str | tuple) and compare(_fraction(value), bound)


def _bound(bound: Bound) -> int | Fraction | str:
    return int(bound) if isinstance(bound, Fraction) and bound.denominator == 1 else bound


def _equals(value: Value | Fraction, bound: int | Fraction | str) -> bool:
    if isinstance(value, str | tuple) or isinstance(bound, str):
        return value == bound
    return _fraction(value) == bound


def _fraction(value: int | float | Decimal | Fraction) -> Fraction:
    return value if isinstance(value, Fraction) else exact(value)


def _takes(node: Takes) -> Test:
    meets = None if node.test is None else _meets(node.test)

    def told_by(medicine: Medicine) -> Truth:
        rest = False if medicine.known else None
        if node.group not in medicine.classes:
            return rest
        amount = medicine.amounts.get(node.field)
        return either([rest, meets is None or (None if amount is None else meets(amount))])

    def tell(run: Run) -> Truth:
        listed = run.facts.medicines
        if listed is None:
            return None
        return either(told_by(each) for each in listed if each.planned is node.planned)

    return tell


def _is_allergy(check: Check) -> Meets:
    bounds = map(str, check.bounds)
    names = [name for bound in bounds for name in medicines.ALLERGENS.get(bound, (bound,))]
    return lambda allergy: medicines.mentions(str(allergy), names)


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
