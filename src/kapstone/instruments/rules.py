"""How a score follows from the answers.

Missing answers are never zero. A sum with none missing is the plain sum; with at most
`max_missing_items` missing it is the mean of the answered items times the number of items, a
half rounded up; with more missing there is no score. Rounding: half up, never the banker's rule.
"""

from dataclasses import dataclass

from kapstone.instruments.conditions import Condition, Facts, ItemAtLeast


@dataclass(frozen=True, slots=True)
class MissingPolicy:
    """How many items may be unanswered; 0 is strict. basis, mark: why, and how far to trust it."""

    max_missing_items: int = 0
    basis: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of the items."""

    items: tuple[str, ...]
    missing: MissingPolicy

    def value(self, facts: Facts) -> int | None:
        answered = [facts.answers[item] for item in self.items if item in facts.answers]
        if not answered or len(self.items) - len(answered) > self.missing.max_missing_items:
            return None
        # whole numbers throughout: floor(mean * items + 1/2)
        return (2 * sum(answered) * len(self.items) + len(answered)) // (2 * len(answered))


@dataclass(frozen=True, slots=True)
class CountAtLeast:
    """How many items reach the minimum, and `plus` how many conditions of their own."""

    items: tuple[str, ...]
    minimum: int
    plus: tuple[ItemAtLeast, ...]

    def value(self, facts: Facts) -> int | None:
        asked = [*(ItemAtLeast(item, self.minimum) for item in self.items), *self.plus]
        if any(part.item not in facts.answers for part in asked):
            return None
        return sum(part.holds(facts) for part in asked)


@dataclass(frozen=True, slots=True)
class Flag:
    """Whether a condition is shown to hold; false also where it cannot be shown."""

    when: Condition

    def value(self, facts: Facts) -> bool:
        return self.when.holds(facts)


Rule = Sum | CountAtLeast | Flag
