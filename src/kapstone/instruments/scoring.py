"""Answers in, scores, bands and alerts out.

A watched item is never filled in: left unanswered it raises its own alert, and a total prorated
without it says so in `marks`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from kapstone.errors import InvalidInput
from kapstone.instruments.conditions import Facts, Number, Value
from kapstone.instruments.definition import Instrument, Item, Score
from kapstone.instruments.document import Node
from kapstone.instruments.rule_documents import number
from kapstone.instruments.rules import Decision, OfItems, Rule, SumOfHighest
from kapstone.risk import AlertLevel

SEXES = ("female", "male", "intersex")
NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Alert:
    """A watched answer or score that a person must see, and how soon."""

    id: str
    level: AlertLevel


@dataclass(frozen=True, slots=True)
class ScoredResponse:
    """What one set of answers comes to.

    scores: by score id, None where too much is unanswered. bands: by score id, for scores that
    have bands. missing: required items left out. marks: by score id, what a reader must be told
    beside the number, such as ``8 of 9 answered, item 9 missing``.
    """

    instrument: str
    version: str
    scores: Mapping[str, Value]
    bands: Mapping[str, str | None]
    alerts: tuple[Alert, ...]
    missing: tuple[str, ...]
    marks: Mapping[str, str]

    def plain_scores(self) -> dict[str, int | float | bool | str | None]:
        """The scores as JSON has them: a decimal is the float that prints so."""
        return {
            key: float(value) if isinstance(value, Decimal) else value
            for key, value in self.scores.items()
        }

    def as_json(self) -> dict[str, object]:
        """The result in the keys of the command line's contract."""
        return {
            "instrument": self.instrument,
            "version": self.version,
            "scores": self.plain_scores(),
            "bands": dict(self.bands),
            "alerts": [{"id": alert.id, "level": str(alert.level)} for alert in self.alerts],
            "missing": list(self.missing),
        }


def score(
    instrument: Instrument,
    responses: Mapping[str, object],
    attributes: Mapping[str, object] = NOTHING,
) -> ScoredResponse:
    """Score one set of answers.

    responses: value by item id; an absent or null item is unanswered. attributes: ``sex``,
    ``timepoint`` and ``previous`` (scores of an earlier response). Raises `InvalidInput` with the
    key and the mend.
    """
    answers = _answers(instrument, responses)
    scores: dict[str, Value] = {}
    sex, timepoint, previous = _attributes(instrument, attributes)
    facts = Facts(answers, scores, sex, timepoint, previous)
    for item in instrument.items:
        if item.zero_when and item.id not in answers and item.zero_when.holds(facts):
            answers[item.id] = 0
    for each in instrument.scores:
        scores[each.id] = each.rule.value(facts)
    missing = tuple(item.id for item in instrument.items if _is_missing(item, facts))
    return ScoredResponse(
        instrument=instrument.id,
        version=instrument.version,
        scores=MappingProxyType(scores),
        bands=MappingProxyType(
            {each.id: _band(each, scores[each.id]) for each in instrument.scores if each.bands}
        ),
        alerts=tuple(Alert(a.id, a.level) for a in instrument.alerts if a.when.holds(facts)),
        missing=missing,
        marks=MappingProxyType(_marks(instrument, scores, missing) if missing else {}),
    )


def _answers(instrument: Instrument, responses: Mapping[str, object]) -> dict[str, Number]:
    items = instrument.item_by_id
    found: dict[str, Number] = {}
    for key, value in responses.items():
        if key not in items:
            raise InvalidInput(
                f"responses.{key}", "is not a key here.", f"Known: {', '.join(items)}."
            )
        if value is not None:
            found[key] = _answer(items[key], value)
    return found


def _answer(item: Item, value: object) -> Number:
    # not isinstance: true is an int to Python, and must not pass for the answer 1
    if type(value) is int and value in item.values:
        return value
    span = item.span
    if span and span.decimals and isinstance(value, float | Decimal):
        exact = Decimal(str(value))
        if exact.is_finite() and span.holds(exact):
            return exact
    raise InvalidInput(f"responses.{item.id}", "is not an answer.", _mend(item))


def _mend(item: Item) -> str:
    span = item.span
    if span is None:
        allowed = f"one of {', '.join(str(each) for each in item.values)}"
    else:
        decimals = f", at most {span.decimals} decimal" if span.decimals else ", whole"
        allowed = f"a number from {span.minimum} to {span.maximum}{decimals}"
    return f"Give {allowed}, or leave it out."


def _attributes(
    instrument: Instrument, attributes: Mapping[str, object]
) -> tuple[str | None, str | None, Mapping[str, Value]]:
    """Sex, timepoint and earlier scores, checked."""
    if not attributes:
        return None, None, {}
    given = Node(dict(attributes), "attributes").only("sex", "timepoint", "previous")
    known = {key: node for key, node in given.items() if node.value is not None}
    if "sex" in known and known["sex"].value not in SEXES:
        raise known["sex"].refuse("is not a sex.", f"Give one of {', '.join(SEXES)}.")
    return (
        known["sex"].text() if "sex" in known else None,
        known["timepoint"].text() if "timepoint" in known else None,
        _previous(instrument, known["previous"]) if "previous" in known else {},
    )


def _previous(instrument: Instrument, node: Node) -> dict[str, Value]:
    rules = {each.id: each.rule for each in instrument.scores}
    return {key: _earlier(rules[key], each) for key, each in node.only(*rules).items()}


def _earlier(rule: Rule, node: Node) -> Value:
    if isinstance(node.value, bool | None):
        return node.value
    return node.text() if isinstance(rule, Decision) else number(node)


def _is_missing(item: Item, facts: Facts) -> bool:
    asked = item.asked_when is None or item.asked_when.holds(facts)
    return item.required and asked and item.id not in facts.answers


def _band(score_: Score, value: Value) -> str | None:
    if not isinstance(value, int | Decimal):
        return None
    return next(
        (b.code for b in score_.bands if b.minimum <= value <= b.maximum),
        None,
    )


def _marks(
    instrument: Instrument, scores: Mapping[str, Value], missing: tuple[str, ...]
) -> dict[str, str]:
    """What stands beside each score that left an item out."""
    watched = {item.id: n for n, item in enumerate(instrument.items, 1) if item.watched}
    marks: dict[str, str] = {}
    for each in instrument.scores:
        rule = each.rule
        if not isinstance(rule, OfItems) or scores[each.id] is None:
            continue
        absent = [item for item in rule.items if item in missing]
        if absent and not isinstance(rule, SumOfHighest):
            answered = f"{len(rule.items) - len(absent)} of {len(rule.items)} answered"
            named = [f"item {watched[item]} missing" for item in absent if item in watched]
            bound = ["at least this"] if rule.is_lower_bound else []
            marks[each.id] = ", ".join([*bound, answered, *named])
    return marks
