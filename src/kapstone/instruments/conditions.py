"""Conditions over answers and scores: what a flag or an alert asks.

A condition holds only when it is shown to hold. An unanswered item or an absent score meets no
threshold; the one condition it meets is `Unanswered`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Value = int | bool | None  # a score: a number, a flag, or none because too much is unanswered


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known so far: answered items only, and the scores computed before this one."""

    answers: Mapping[str, int]
    scores: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class ItemAtLeast:
    """An item was answered with this value or a higher one."""

    item: str
    minimum: int

    def holds(self, facts: Facts) -> bool:
        answer = facts.answers.get(self.item)
        return answer is not None and answer >= self.minimum


@dataclass(frozen=True, slots=True)
class ScoreAtLeast:
    """A score exists and has reached this value."""

    score: str
    minimum: int

    def holds(self, facts: Facts) -> bool:
        value = facts.scores.get(self.score)
        return value is not None and value >= self.minimum


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An item was left out."""

    item: str

    def holds(self, facts: Facts) -> bool:
        return self.item not in facts.answers


@dataclass(frozen=True, slots=True)
class Every:
    """All of these hold."""

    parts: tuple["Condition", ...]

    def holds(self, facts: Facts) -> bool:
        return all(part.holds(facts) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these holds."""

    parts: tuple["Condition", ...]

    def holds(self, facts: Facts) -> bool:
        return any(part.holds(facts) for part in self.parts)


Condition = ItemAtLeast | ScoreAtLeast | Unanswered | Every | Either
