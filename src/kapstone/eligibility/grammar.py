"""The language of `when`: from text to a frozen tree.

or      := and (OR and)*
and     := not (AND not)*
not     := NOT not | is
is      := simple [is [not] (TRUE | FALSE | UNKNOWN)]
simple  := ( or ) | any(test) | all(test) | fired(RULE) | tier(HIGH) | med.CLASS | planned.CLASS
           | operand [test]
operand := key | count(key) | level(key)
test    := comparison with a number or a word | in [word, ...]
any, all take a list and a test, or med.CLASS where field comparison.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

Bound = Fraction | str


@dataclass(frozen=True, slots=True)
class Check:
    """`op` is one of == != < <= > >= with one bound, or ``in`` with any number of words."""

    op: str
    bounds: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Operand:
    """A key read through `view`: ``value``, ``count``, ``level``, ``list`` or ``pair``."""

    key: str
    view: str = "value"


@dataclass(frozen=True, slots=True)
class Compare:
    of: Operand
    test: Check


@dataclass(frozen=True, slots=True)
class Holds:
    """A boolean key alone."""

    key: str


@dataclass(frozen=True, slots=True)
class Each:
    """``any(list test)`` or, with `every`, ``all(list test)``."""

    of: Operand
    test: Check
    every: bool


@dataclass(frozen=True, slots=True)
class AllergyIn:
    """``any(allergies in excipients)``."""

    key: str
    among: str


@dataclass(frozen=True, slots=True)
class Takes:
    """``med.CLASS``, with `field` and `test` for ``any(med.CLASS where field test)``.

    `planned`: ``planned.CLASS``, a rescue drug that may be given today.
    """

    group: str
    field: str = ""
    test: Check | None = None
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Fired:
    rule: str


@dataclass(frozen=True, slots=True)
class TierIsHigh:
    """``tier(HIGH)``: the suicide tier by the screener's answers, as `kapstone.risk` tells it."""


@dataclass(frozen=True, slots=True)
class Is:
    of: "Node"
    truth: str
    negated: bool


@dataclass(frozen=True, slots=True)
class Not:
    of: "Node"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Node", ...]


Node = Compare | Holds | Each | AllergyIn | Takes | Fired | TierIsHigh | Is | Not | And | Or

_TOKEN = re.compile(
    r"\s*(?:(==|!=|<=|>=|[<>()\[\],])|(-?\d+(?:\.\d+)?)(?![\w.])|([A-Za-z_][\w.-]*))"
)
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


class GrammarError(ValueError):
    """A `when` that does not follow the grammar: a fault of the tables, not of the facts."""


def parse(source: str) -> Node:
    """The tree of one `when`. Raises `GrammarError` and says where."""
    parser = _Parser(source)
    node = parser.either()
    parser.end()
    return node


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = _tokens(source)
        self.at = 0

    @property
    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.next
        self.at += 1
        return token

    def accept(self, token: str) -> bool:
        found = self.next == token
        self.at += found
        return found

    def expect(self, token: str) -> None:
        if not self.accept(token):
            raise self.fault(f"{token!r} expected")

    def end(self) -> None:
        if self.next:
            raise self.fault("end expected")

    def fault(self, problem: str) -> GrammarError:
        return GrammarError(f"{problem} before {self.next or 'the end'!r} in: {self.source}")

    def word(self) -> str:
        if not re.match(r"[A-Za-z_]", self.next):
            raise self.fault("a word expected")
        return self.take()

    def either(self) -> Node:
        parts = [self.both()]
        while self.accept("OR"):
            parts.append(self.both())
        return _joined(Or, parts)

    def both(self) -> Node:
        parts = [self.negation()]
        while self.accept("AND"):
            parts.append(self.negation())
        return _joined(And, parts)

    def negation(self) -> Node:
        if self.accept("NOT"):
            return Not(self.negation())
        node = self.simple()
        if not self.accept("is"):
            return node
        negated = self.accept("not")
        if self.next not in ("TRUE", "FALSE", "UNKNOWN"):
            raise self.fault("TRUE, FALSE or UNKNOWN expected")
        return Is(node, self.take(), negated)

    def simple(self) -> Node:
        if self.accept("("):
            node = self.either()
            self.expect(")")
            return node
        name = self.word()
        if name in ("any", "all"):
            return self.quantified(every=name == "all")
        if name == "fired":
            return Fired(self.bracketed())
        if name == "tier":
            return self.tier()
        if name.startswith("med."):
            return Takes(name.removeprefix("med."))
        if name.startswith("planned."):
            return Takes(name.removeprefix("planned."), planned=True)
        operand = self.operand(name)
        if self.next in _COMPARISONS or self.next == "in":
            return Compare(operand, self.test())
        if operand.view != "value":
            raise self.fault("a comparison expected")
        return Holds(operand.key)

    def quantified(self, *, every: bool) -> Node:
        self.expect("(")
        name = self.word()
        node: Node
        if name.startswith("med.") and not every:
            self.expect("where")
            node = Takes(name.removeprefix("med."), self.word(), self.test())
        else:
            view = "pair" if name == "pair" else "list"
            node = self.each(Operand(self.bracketed() if view == "pair" else name, view), every)
        self.expect(")")
        return node

    def each(self, operand: Operand, every: bool) -> Node:
        if not every and self.tokens[self.at : self.at + 2] == ["in", "excipients"]:
            self.at += 2
            return AllergyIn(operand.key, "excipients")
        return Each(operand, self.test(), every)

    def tier(self) -> TierIsHigh:
        if self.bracketed() != "HIGH":
            raise self.fault("tier(HIGH) expected")
        return TierIsHigh()

    def bracketed(self) -> str:
        self.expect("(")
        word = self.word()
        self.expect(")")
        return word

    def operand(self, name: str) -> Operand:
        return Operand(self.bracketed(), name) if name in ("count", "level") else Operand(name)

    def test(self) -> Check:
        op = self.take()
        if op in _COMPARISONS:
            return Check(op, (self.bound(),))
        if op != "in":
            raise self.fault("a comparison expected")
        self.expect("[")
        bounds = [self.bound()]
        while self.accept(","):
            bounds.append(self.bound())
        self.expect("]")
        return Check("in", tuple(bounds))

    def bound(self) -> Bound:
        if re.match(r"-?\d", self.next):
            return Fraction(self.take())
        return self.word()


def _joined(by: type[And] | type[Or], parts: list[Node]) -> Node:
    match parts:
        case [only]:
            return only
        case _:
            return by(tuple(parts))


def _tokens(source: str) -> list[str]:
    tokens, at, end = [], 0, len(source.rstrip())
    while at < end:
        match = _TOKEN.match(source, at)
        if match is None:
            raise GrammarError(f"{source[at:].strip()!r} cannot be read in: {source}")
        tokens.append(match.group().strip())
        at = match.end()
    return tokens
