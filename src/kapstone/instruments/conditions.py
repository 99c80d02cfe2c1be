"""Conditions over answers and scores: what a flag or an alert asks.

A condition holds only when it is shown to hold. An unanswered item or an absent score meets no
threshold; the one condition it meets is `Unanswered`.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

Number = int | Decimal
# a score: a number, a flag, a category, or none because too much is unanswered
Value = Number | bool | str | None


class Relation(StrEnum):
    """How a value stands to a limit, by its key in the documents."""

    AT_LEAST = "ge"
    AT_MOST = "le"
    EQUAL = "eq"


_HOLDS: Mapping[Relation, Callable[[Number, Number], bool]] = {
    Relation.AT_LEAST: operator.ge,
    Relation.AT_MOST: operator.le,
    Relation.EQUAL: operator.eq,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known so far: answered items only, and the scores computed before this one.

    previous: scores of an earlier response.
    """

    answers: Mapping[str, Number]
    scores: Mapping[str, Value] = field(default_factory=dict)
    sex: str | None = None
    timepoint: str | None = None
    previous: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemIs:
    """An item was answered with a value on this side of the limit."""

    item: str
    relation: Relation
    limit: Number

    def holds(self, facts: Facts) -> bool:
        answer = facts.answers.get(self.item)
        return answer is not None and _HOLDS[self.relation](answer, self.limit)


@dataclass(frozen=True, slots=True)
class ScoreIs:
    """A score exists and stands on this side of the limit."""

    score: str
    relation: Relation
    limit: Number

    def holds(self, facts: Facts) -> bool:
        value = facts.scores.get(self.score)
        return isinstance(value, int | Decimal) and _HOLDS[self.relation](value, self.limit)


@dataclass(frozen=True, slots=True)
class ScoreIsCalled:
    """A score is this category, or this flag."""

    score: str
    value: str | bool

    def holds(self, facts: Facts) -> bool:
        return facts.scores.get(self.score) == self.value


@dataclass(frozen=True, slots=True)
class RoseBy:
    """A score is up by this much on an earlier response; without an earlier one it is not."""

    score: str
    minimum: Number

    def holds(self, facts: Facts) -> bool:
        now, before = facts.scores.get(self.score), facts.previous.get(self.score)
        if not isinstance(now, int | Decimal) or not isinstance(before, int | Decimal):
            return False
        return now - before >= self.minimum


@dataclass(frozen=True, slots=True)
class AtTimepoint:
    """The answers were given at this point of the schedule."""

    timepoint: str

    def holds(self, facts: Facts) -> bool:
        return facts.timepoint == self.timepoint


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


Condition = ItemIs | ScoreIs | ScoreIsCalled | RoseBy | AtTimepoint | Unanswered | Every | Either
