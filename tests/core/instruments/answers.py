"""Answer sets of any instrument, drawn by Hypothesis, and which way each answer is worse."""

from decimal import Decimal

from hypothesis import strategies as st

from kapstone.instruments import Instrument
from kapstone.instruments.definition import HIGHER_BETTER, Item, Score
from kapstone.instruments.rules import Decision, Sum


def values(item: Item) -> st.SearchStrategy[int | Decimal]:
    span = item.span
    if span is not None and span.decimals:
        return st.decimals(span.minimum, span.maximum, places=span.decimals)
    return st.sampled_from(item.values)


def sets(instrument: Instrument, *, whole: bool = False) -> st.SearchStrategy[dict]:
    each = {item.id: values(item) for item in instrument.items}
    return st.fixed_dictionaries(each) if whole else st.fixed_dictionaries({}, optional=each)


def rises_with(score: Score, item: str) -> bool:
    """Whether the number of the score goes up with the answer."""
    return not (isinstance(score.rule, Sum) and item in score.rule.turned)


def rank(score: Score, value: object) -> object:
    """Something to compare: a category is worse the earlier it is decided."""
    if isinstance(score.rule, Decision):
        order = [*(name for name, _ in score.rule.steps), score.rule.otherwise]
        return -order.index(value)
    return value


def worse_when_higher(score: Score) -> bool:
    return score.better != HIGHER_BETTER
