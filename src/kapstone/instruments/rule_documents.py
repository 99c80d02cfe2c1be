"""Rules and conditions out of an instrument's document."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from kapstone.instruments.conditions import (
    AtTimepoint,
    Condition,
    Either,
    Every,
    ItemIs,
    Number,
    Relation,
    RoseBy,
    ScoreIs,
    ScoreIsCalled,
    Unanswered,
)
from kapstone.instruments.document import Node
from kapstone.instruments.rules import (
    CountAtLeast,
    CutoffBySex,
    Decision,
    Flag,
    HighestAnswer,
    HighestYes,
    MissingPolicy,
    Rule,
    Sum,
    SumOfHighest,
)

CONDITION_KEYS = ("all", "any", "item", "score", "change", "timepoint", "missing", *Relation)


def rule_of(node: Node, turned: Mapping[str, int]) -> Rule:
    """The rule of one score. turned: items scored the other way round, of the whole instrument."""
    operation = node["op"].text()
    if operation in ("sum", "mean"):
        return _sum(node, turned, mean=operation == "mean")
    if operation not in _RULES:
        raise node.refuse(f"{operation} is not an operation of this engine.")
    return _RULES[operation](node)


def _sum(node: Node, turned: Mapping[str, int], *, mean: bool) -> Sum:
    items = node["items"].texts()
    return Sum(
        items=items,
        missing=_missing(node["missing"]),
        factor=_whole(node, "multiply", 1),
        divisor=len(items) if mean else _whole(node, "divide", 1),
        decimals=_whole(node, "decimals", 0),
        turned={item: value for item, value in turned.items() if item in items},
    )


def _whole(node: Node, key: str, default: int) -> int:
    found = node.get(key)
    return found.integer() if found else default


def _missing(node: Node) -> MissingPolicy:
    policy = node["policy"].text()
    if policy == "strict":
        return MissingPolicy()
    basis, mark = node["basis"].text(), node["mark"].text()
    if policy == "lower_bound":
        return MissingPolicy(basis=basis, mark=mark, lower_bound=True)
    if policy != "prorate" or node["round"].text() != "half_up":
        raise node.refuse(f"{policy} is not a missing policy of this engine.")
    only = node.get("only")
    allowed = only.texts() if only else ()
    return MissingPolicy(node["max_missing"].integer(), basis, mark, allowed)


def _count(node: Node) -> CountAtLeast:
    policy, plus = node["missing"]["policy"], node.get("plus")
    if policy.text() not in ("strict", "lower_bound"):
        raise node["missing"].refuse(f"{policy.text()} is not a missing policy of a count.")
    return CountAtLeast(
        items=node["items"].texts(),
        minimum=node["threshold"].integer(),
        plus=tuple(_item_is(each) for each in plus.each()) if plus else (),
        answered_only=policy.text() == "lower_bound",
    )


def _cutoff(node: Node) -> CutoffBySex:
    by_sex = {sex: each.integer() for sex, each in node["cutoffs"].members().items()}
    return CutoffBySex(node["score"].text(), by_sex, node["otherwise"].integer())


def _decision(node: Node) -> Decision:
    steps = ((each["value"].text(), condition_of(each["when"])) for each in node["steps"].each())
    return Decision(tuple(steps), node["otherwise"].text())


_RULES: Mapping[str, Callable[[Node], Rule]] = {
    "count_ge": _count,
    "sum_of_highest": lambda node: SumOfHighest(tuple(g.texts() for g in node["groups"].each())),
    "highest": lambda node: HighestAnswer(node["items"].texts()),
    "highest_yes": lambda node: HighestYes(node["items"].texts()),
    "decision": _decision,
    "cutoff_by_sex": _cutoff,
    "flag": lambda node: Flag(condition_of(node["when"])),
}


def condition_of(node: Node) -> Condition:
    """A condition, whole."""
    members = node.only(*CONDITION_KEYS)
    if "all" in members:
        return Every(tuple(condition_of(each) for each in members["all"].each()))
    if "any" in members:
        return Either(tuple(condition_of(each) for each in members["any"].each()))
    if "missing" in members:
        return Unanswered(members["missing"].text())
    if "timepoint" in members:
        return AtTimepoint(members["timepoint"].text())
    if "change" in members:
        return RoseBy(members["change"].text(), number(node["ge"]))
    if "score" in members:
        return _score_is(node)
    return _item_is(node)


def _score_is(node: Node) -> ScoreIs | ScoreIsCalled:
    score, called = node["score"].text(), node.get("eq")
    if called is not None and isinstance(called.value, str | bool):
        return ScoreIsCalled(score, called.value)
    return ScoreIs(score, *_limit(node))


def _item_is(node: Node) -> ItemIs:
    return ItemIs(node["item"].text(), *_limit(node))


def _limit(node: Node) -> tuple[Relation, Number]:
    members = node.members()
    for relation in Relation:
        if relation in members:
            return relation, number(members[relation])
    raise node.refuse("holds no limit.", f"Give one of {', '.join(Relation)}.")


def number(node: Node) -> Number:
    """A whole number as such, any other exactly."""
    return node.decimal() if isinstance(node.value, Decimal | float) else node.integer()
