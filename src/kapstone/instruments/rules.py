"""How a score follows from the answers.

Missing answers are never zero. A sum with none missing is the plain sum; with no more missing than
its policy lets it is the mean of the answered items times the number of items; with more missing
there is no score. Rounding: half up, never the banker's rule.

A rule that reads whatever was answered gives a lower bound (`is_lower_bound`): the score then
carries a mark that says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kapstone.instruments.conditions import Condition, Facts, ItemIs, Number


@dataclass(frozen=True, slots=True)
class MissingPolicy:
    """How many items may be unanswered; 0 is strict. basis, mark: why, and how far to trust it.

    may_be_missing: the only items that may; empty is any. lower_bound: whatever is answered is
    added up, as ``at least``.
    """

    max_missing_items: int = 0
    basis: str = ""
    mark: str = ""
    may_be_missing: tuple[str, ...] = ()
    lower_bound: bool = False

    def lets(self, answered_count: int, absent: list[str]) -> bool:
        """Whether there is a score with these items absent."""
        if self.lower_bound or not absent:
            return True
        allowed = not self.may_be_missing or set(absent) <= set(self.may_be_missing)
        return bool(answered_count) and allowed and len(absent) <= self.max_missing_items


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of the items, times `factor`, by `divisor`, to so many decimals.

    A mean divides by the number of its items. turned: items scored the other way round, and what
    the answer is taken from.
    """

    items: tuple[str, ...]
    missing: MissingPolicy
    factor: int
    divisor: int
    decimals: int
    turned: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_lower_bound(self) -> bool:
        return self.missing.lower_bound

    def value(self, facts: Facts) -> Number | None:
        answers = facts.answers
        absent = [item for item in self.items if item not in answers]
        count = len(self.items) - len(absent)
        if not self.missing.lets(count, absent):
            return None
        total = sum(answers[item] for item in self.items if item in answers)
        total += sum(
            taken_from - 2 * answers[item]
            for item, taken_from in self.turned.items()
            if item in answers
        )
        if absent and not self.missing.lower_bound:
            return half_up(total * len(self.items) * self.factor, count * self.divisor, self)
        return half_up(total * self.factor, self.divisor, self)


def half_up(numerator: Number, denominator: int, rule: Sum) -> Number:
    """The quotient to the rule's decimals, a half rounded up; exact until then."""
    whole = int((2 * numerator * 10**rule.decimals + denominator) // (2 * denominator))
    return Decimal(whole).scaleb(-rule.decimals) if rule.decimals else whole


@dataclass(frozen=True, slots=True)
class CountAtLeast:
    """How many items reach the minimum, and `plus` how many conditions of their own.

    answered_only: items left out are passed over, and the count is a lower bound.
    """

    items: tuple[str, ...]
    minimum: int
    plus: tuple[ItemIs, ...]
    answered_only: bool

    @property
    def is_lower_bound(self) -> bool:
        return self.answered_only

    def value(self, facts: Facts) -> int | None:
        given = [facts.answers[item] for item in self.items if item in facts.answers]
        complete = len(given) == len(self.items) and all(
            part.item in facts.answers for part in self.plus
        )
        if not complete and not self.answered_only:
            return None
        reached = sum(answer >= self.minimum for answer in given)
        return reached + sum(part.holds(facts) for part in self.plus)


@dataclass(frozen=True, slots=True)
class SumOfHighest:
    """The highest answer of each group, added up; a group without any answer has no score."""

    groups: tuple[tuple[str, ...], ...]
    is_lower_bound: bool = False

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(item for group in self.groups for item in group)

    def value(self, facts: Facts) -> Number | None:
        highest = [
            max((facts.answers[item] for item in group if item in facts.answers), default=None)
            for group in self.groups
        ]
        known = [value for value in highest if value is not None]
        return sum(known) if len(known) == len(self.groups) else None


@dataclass(frozen=True, slots=True)
class HighestAnswer:
    """The highest of the answers given; none without any."""

    items: tuple[str, ...]
    is_lower_bound: bool = True

    def value(self, facts: Facts) -> Number | None:
        given = (facts.answers[item] for item in self.items if item in facts.answers)
        return max(given, default=None)


@dataclass(frozen=True, slots=True)
class HighestYes:
    """How far down the list the last yes stands, from 1; 0 where none was said."""

    items: tuple[str, ...]
    is_lower_bound: bool = True

    def value(self, facts: Facts) -> int:
        said = [place for place, item in enumerate(self.items, 1) if facts.answers.get(item)]
        return max(said, default=0)


@dataclass(frozen=True, slots=True)
class Decision:
    """The first category whose condition is shown to hold, worst first; else `otherwise`."""

    steps: tuple[tuple[str, Condition], ...]
    otherwise: str

    def value(self, facts: Facts) -> str:
        return next((value for value, when in self.steps if when.holds(facts)), self.otherwise)


@dataclass(frozen=True, slots=True)
class CutoffBySex:
    """Whether a score reaches the cut-off of the person's sex, or `otherwise_minimum`."""

    score: str
    minimum_by_sex: Mapping[str, int]
    otherwise_minimum: int

    def value(self, facts: Facts) -> bool | None:
        value = facts.scores[self.score]
        if not isinstance(value, int | Decimal):
            return None
        return value >= self.minimum_by_sex.get(facts.sex or "", self.otherwise_minimum)


@dataclass(frozen=True, slots=True)
class Flag:
    """Whether a condition is shown to hold; false also where it cannot be shown."""

    when: Condition

    def value(self, facts: Facts) -> bool:
        return self.when.holds(facts)


OfItems = Sum | CountAtLeast | SumOfHighest | HighestAnswer | HighestYes
Rule = OfItems | Decision | CutoffBySex | Flag
