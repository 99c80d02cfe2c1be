"""What answers raise. The suicide screener's alerts come from the one function of the tier.

Source: protocol section 10.1 through `kapstone.risk`; all else from each instrument's data.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from clinic.alerts.actions import Cause
from clinic.measures import queries
from clinic.measures.models import QuestionnaireResponse
from kapstone import instruments, risk
from kapstone.instruments import Instrument, ScoredResponse
from kapstone.instruments.conditions import Condition, ItemIs, Number
from kapstone.risk import AlertLevel, Risk, Screener, Trigger

WORDS = {
    Trigger.HIGH_TIER: "C-SSRS screener: high. Intent, plan or behaviour in the last 3 months.",
    Trigger.MODERATE_TIER: "C-SSRS screener: moderate. A method in mind, or behaviour in the past.",
    Trigger.LOW_TIER: "C-SSRS screener: low. A wish to be dead or thoughts of suicide.",
    Trigger.INCOMPLETE: "C-SSRS screener left incomplete: ask what was not answered.",
}
PRESSING = (AlertLevel.IMMEDIATE, AlertLevel.URGENT)  # told before the rest is sent
_Items = dict[str, tuple[str, ...]]
_THOUGHTS: _Items = {f"q{number}": (f"q{number}",) for number in range(1, 6)}
# Which answers of the function each item gives. Behaviour since the last contact is recent.
_ITEMS: dict[str, _Items] = {
    "cssrs_screener": _THOUGHTS | {"q6": ("q6",), "q6r": ("q6_3mo",)},
    "cssrs_slc": _THOUGHTS | {"q6": ("q6", "q6_3mo")},
}


def of_answer(instrument: Instrument, item: str, value: int) -> list[Cause]:
    """What one answer calls for at once, before and whether or not the rest is sent.

    Of a watched item that is everything, of another what is pressing. Asked beside nothing and
    beside the least answer to everything else: a yes is not held back by what is unanswered, and
    nothing is called incomplete halfway.
    """
    if instrument.id in _ITEMS:
        return _of_screener(instrument.id, {item: value}, whole=False)
    least = {each.id: min(each.values) for each in instrument.items}
    found: set[str] = set()
    is_watched = item in {each.id for each in instrument.watched}
    for others in ({}, least):
        already = {each.id for each in instruments.score(instrument, others).alerts}
        after = instruments.score(instrument, others | {item: value}).alerts
        found |= {each.id for each in after if is_watched or each.level in PRESSING} - already
    return _of_rules(instrument, found)


def of_response(
    response: QuestionnaireResponse, instrument: Instrument, scored: ScoredResponse
) -> list[Cause]:
    """What a whole set of answers raises. A correction tells nobody twice of one answer."""
    row = response.replaces
    if instrument.id in _ITEMS:
        told = _of_screener(instrument.id, row.answers, whole=True) if row else []
        found = _of_screener(instrument.id, response.answers, whole=True)
        return [each for each in found if each not in told]
    new = {alert.id for alert in scored.alerts}
    if row is not None:
        before = instruments.score(instrument, row.answers, queries.attributes(row, instrument))
        new -= {alert.id for alert in before.alerts}
    return _of_rules(instrument, new)


def _of_rules(instrument: Instrument, found: set[str]) -> list[Cause]:
    """One cause an answer: the graver of two rules, with what the other wants done as well."""
    causes = []
    for rule in instrument.alerts:
        about = [each for each in instrument.alerts if _one_answer(each.when, rule.when)]
        graver = {each.id for each in about if each.level.rank < rule.level.rank}
        if rule.id not in found or graver & found:
            continue
        lesser = [each for each in about if each.level.rank > rule.level.rank and each.id in found]
        causes.append(
            Cause(
                f"{instrument.id}.{rule.id}",
                rule.level,
                f"{instrument.name}: {'; '.join(each.action for each in (rule, *lesser))}",
                told_by=frozenset(f"{instrument.id}.{each}" for each in graver),
            )
        )
    return causes


def _one_answer(one: Condition, other: Condition) -> bool:
    """Whether both ask for an answer to the same item on the same side of a limit."""
    if not (isinstance(one, ItemIs) and isinstance(other, ItemIs)):
        return False
    return (one.item, one.relation) == (other.item, other.relation)


def _of_screener(instrument: str, answers: Mapping[str, Number], *, whole: bool) -> list[Cause]:
    """A missing answer counts once the questionnaire is sent `whole`."""
    found = as_screener(instrument, answers).triggers
    return [cause(trigger) for trigger in found if whole or trigger is not Trigger.INCOMPLETE]


def as_screener(instrument: str, answers: Mapping[str, Number]) -> Risk:
    """What the one function says of a sheet of the suicide screener."""
    told: dict[str, Any] = dict(screener_answers(instrument, answers))
    return risk.suicide_tier(Screener(**told))


def screener_answers(instrument: str, answers: Mapping[str, Number]) -> Iterator[tuple[str, bool]]:
    """The answers of a sheet by the names that the function gives them."""
    for item, names in _ITEMS[instrument].items():
        if item in answers:
            yield from ((name, bool(answers[item])) for name in names)


def cause(trigger: Trigger) -> Cause:
    """Why somebody is told, with the level of the one table."""
    return Cause(f"cssrs.{trigger}", risk.LEVELS[trigger], WORDS[trigger])
