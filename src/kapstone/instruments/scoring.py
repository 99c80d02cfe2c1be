"""Answers in, scores, bands and alerts out.

A watched item is never filled in: left unanswered it raises its own alert, and a total prorated
without it says so in `marks`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kapstone.instruments.conditions import Facts, Value
from kapstone.instruments.definition import Instrument, Item, Score
from kapstone.instruments.document import Node
from kapstone.instruments.rules import Sum
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

    def as_json(self) -> dict[str, object]:
        """The result in the keys of the command line's contract."""
        return {
            "instrument": self.instrument,
            "version": self.version,
            "scores": dict(self.scores),
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
    ``timepoint`` and ``previous`` (scores of an earlier response), checked here; no rule of
    PHQ-9 or GAD-7 reads them. Raises `InvalidInput` with the key and the mend.
    """
    answers = _answers(instrument, responses)
    _check_attributes(instrument, attributes)
    scores: dict[str, Value] = {}
    facts = Facts(answers, scores)
    for each in instrument.scores:
        scores[each.id] = each.rule.value(facts)
    return ScoredResponse(
        instrument=instrument.id,
        version=instrument.version,
        scores=MappingProxyType(scores),
        bands=MappingProxyType(
            {each.id: _band(each, scores[each.id]) for each in instrument.scores if each.bands}
        ),
        alerts=tuple(Alert(a.id, a.level) for a in instrument.alerts if a.when.holds(facts)),
        missing=tuple(i.id for i in instrument.items if i.required and i.id not in answers),
        marks=MappingProxyType(_marks(instrument, facts)),
    )


def _answers(instrument: Instrument, responses: Mapping[str, object]) -> dict[str, int]:
    items = {item.id: item for item in instrument.items}
    given = Node(dict(responses), "responses").only(*items)
    return {key: _answer(items[key], node) for key, node in given.items() if node.value is not None}


def _answer(item: Item, node: Node) -> int:
    value = node.value
    # not isinstance: true is an int to Python, and must not pass for the answer 1
    if type(value) is not int or value not in item.values:
        allowed = ", ".join(str(each) for each in item.values)
        raise node.refuse("is not an answer.", f"Give one of {allowed}, or leave it out.")
    return value


def _check_attributes(instrument: Instrument, attributes: Mapping[str, object]) -> None:
    given = Node(dict(attributes), "attributes").only("sex", "timepoint", "previous")
    known = {key: node for key, node in given.items() if node.value is not None}
    if "sex" in known and known["sex"].value not in SEXES:
        raise known["sex"].refuse("is not a sex.", f"Give one of {', '.join(SEXES)}.")
    if "timepoint" in known:
        known["timepoint"].text()
    if "previous" in known:
        for node in known["previous"].only(*(each.id for each in instrument.scores)).values():
            if not isinstance(node.value, bool | None):
                node.integer()


def _band(score_: Score, value: Value) -> str | None:
    return next(
        (b.code for b in score_.bands if value is not None and b.minimum <= value <= b.maximum),
        None,
    )


def _marks(instrument: Instrument, facts: Facts) -> dict[str, str]:
    """What stands beside each prorated sum."""
    watched = {item.id: n for n, item in enumerate(instrument.items, 1) if item.watched}
    marks: dict[str, str] = {}
    for each in instrument.scores:
        rule = each.rule
        if not isinstance(rule, Sum) or facts.scores[each.id] is None:
            continue
        absent = [item for item in rule.items if item not in facts.answers]
        if absent:
            answered = f"{len(rule.items) - len(absent)} of {len(rule.items)} answered"
            named = [f"item {watched[item]} missing" for item in absent if item in watched]
            marks[each.id] = ", ".join([answered, *named])
    return marks
