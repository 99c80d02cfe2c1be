"""What answers raise. The suicide screener's alerts come from the one function of the tier.

Source: protocol section 10.1 through `kapstone.risk`; all else from each instrument's data.
"""

from collections.abc import Mapping
from typing import Any

from clinic.alerts.actions import Cause
from clinic.measures import queries
from clinic.measures.models import QuestionnaireResponse
from kapstone import instruments, risk
from kapstone.instruments import Instrument, ScoredResponse
from kapstone.instruments.conditions import Number
from kapstone.risk import AlertLevel, Screener, Trigger

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
    found, row = _of_whole(instrument, scored, response.answers), response.replaces
    if row is None:
        return found
    before = instruments.score(instrument, row.answers, queries.attributes(row, instrument))
    told = _of_whole(instrument, before, row.answers)
    return [each for each in found if each not in told]


def _of_whole(
    instrument: Instrument, scored: ScoredResponse, answers: Mapping[str, Number]
) -> list[Cause]:
    if instrument.id in _ITEMS:
        return _of_screener(instrument.id, answers, whole=True)
    return _of_rules(instrument, {alert.id for alert in scored.alerts})


def _of_rules(instrument: Instrument, found: set[str]) -> list[Cause]:
    return [
        Cause(f"{instrument.id}.{rule.id}", rule.level, f"{instrument.name}: {rule.action}")
        for rule in instrument.alerts
        if rule.id in found
    ]


def _of_screener(instrument: str, answers: Mapping[str, Number], *, whole: bool) -> list[Cause]:
    """A missing answer counts once the questionnaire is sent `whole`."""
    told: dict[str, Any] = {
        name: bool(answers[item])
        for item, names in _ITEMS[instrument].items()
        if item in answers
        for name in names
    }
    found = risk.suicide_tier(Screener(**told)).triggers
    return [cause(trigger) for trigger in found if whole or trigger is not Trigger.INCOMPLETE]


def cause(trigger: Trigger) -> Cause:
    """Why somebody is told, with the level of the one table."""
    return Cause(f"cssrs.{trigger}", risk.LEVELS[trigger], WORDS[trigger])
