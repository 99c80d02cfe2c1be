"""Print docs/generated/instruments.md: ``python -m kapstone.instruments.page``."""

import sys
from collections.abc import Iterable

from kapstone.instruments.conditions import (
    Condition,
    Every,
    ItemAtLeast,
    ScoreAtLeast,
    Unanswered,
)
from kapstone.instruments.definition import Figure, Instrument, Score
from kapstone.instruments.loading import ids, load
from kapstone.instruments.rules import CountAtLeast, Flag, Rule, Sum

HEAD = """# Instruments

Made by `python -m kapstone.instruments.page`; do not edit. Item labels are our own: the
questionnaires' wording is not stored here. No clinician has reviewed this content.

Marks: S seen in the source, G general knowledge to be checked, P proposed default.
"""


def page() -> str:
    """The whole page, newest version of each instrument."""
    return "\n".join([HEAD, *(_section(load(each)) for each in ids())])


def _section(instrument: Instrument) -> str:
    licence, checked = instrument.licence, instrument.verification
    holder = f" {licence.holder}." if licence.holder else ""
    parts = [
        f"## {instrument.name} (`{instrument.id}`, version {instrument.version})",
        f"{instrument.purpose}. Recall {instrument.recall}, {instrument.population}, about "
        f"{instrument.minutes} minutes. LOINC panel {instrument.loinc_panel}.",
        f"Licence: {licence.status.replace('_', ' ')}.{holder} {licence.note} <{licence.source}>",
        f"Checked against sources, level {checked.level}: {checked.confirmed}. "
        f"From memory: {checked.from_memory}.",
        _table("item | label | answers | LOINC | notes", _item_rows(instrument)),
        _table("score | rule | missing | range | LOINC | bands", _score_rows(instrument)),
        _table("alert | level | when | what follows | mark", _alert_rows(instrument)),
        _table("change | value | basis | mark", _change_rows(instrument)),
        "Sources: "
        + "; ".join(
            f"[{each.title}]({each.url}){'' if each.seen else ' (from memory)'}"
            for each in instrument.sources
        )
        + ".",
    ]
    return "\n\n".join(parts) + "\n"


def _table(header: str, rows: Iterable[tuple[str, ...]]) -> str:
    rule = " | ".join("---" for _ in header.split(" | "))
    return "\n".join(f"| {row} |" for row in [header, rule, *(" | ".join(row) for row in rows)])


def _item_rows(instrument: Instrument) -> Iterable[tuple[str, ...]]:
    for item in instrument.items:
        answers = ", ".join(f"{each.value} {each.label}" for each in item.choices)
        notes = "watched" if item.watched else "" if item.required else "optional, not scored"
        yield item.id, item.label, answers, item.loinc, notes


def _score_rows(instrument: Instrument) -> Iterable[tuple[str, ...]]:
    for score in instrument.scores:
        span = "yes or no" if score.minimum is None else f"{score.minimum} to {score.maximum}"
        yield (
            score.id,
            _rule(score.rule),
            _missing(score.rule),
            span,
            score.loinc or "",
            _bands(score),
        )


def _bands(score: Score) -> str:
    if score.cutoff_score is not None:
        return f"positive from {score.cutoff_score}"
    return ", ".join(f"{band.minimum}–{band.maximum} {band.label}" for band in score.bands)


def _rule(rule: Rule) -> str:
    if isinstance(rule, Flag):
        return _condition(rule.when)
    if isinstance(rule, CountAtLeast):
        extra = "".join(f", plus 1 if {_condition(each)}" for each in rule.plus)
        return f"how many of {_span(rule.items)} are {rule.minimum} or more{extra}"
    return f"sum of {_span(rule.items)}"


def _missing(rule: Rule) -> str:
    if isinstance(rule, Flag):
        return "not shown, so false"
    if isinstance(rule, Sum) and rule.missing.max_missing_items:
        policy = rule.missing
        return f"up to {policy.max_missing_items} prorated, half up ({policy.basis}; {policy.mark})"
    return "any missing: no score"


def _span(items: tuple[str, ...]) -> str:
    return f"{items[0]} to {items[-1]}"


def _condition(condition: Condition) -> str:
    if isinstance(condition, ItemAtLeast):
        return f"{condition.item} ≥ {condition.minimum}"
    if isinstance(condition, ScoreAtLeast):
        return f"{condition.score} ≥ {condition.minimum}"
    if isinstance(condition, Unanswered):
        return f"{condition.item} unanswered"
    joint = " and " if isinstance(condition, Every) else " or "
    return "(" + joint.join(_condition(part) for part in condition.parts) + ")"


def _alert_rows(instrument: Instrument) -> Iterable[tuple[str, ...]]:
    for alert in instrument.alerts:
        yield alert.id, str(alert.level), _condition(alert.when), alert.action, alert.mark


def _change_rows(instrument: Instrument) -> Iterable[tuple[str, ...]]:
    limits = instrument.change
    named: list[tuple[str, Figure]] = [
        ("response, fall of at least", limits.response),
        ("partial response, fall of at least", limits.partial_response),
        ("score-remission, total at most", limits.remission_max),
        *(("important to patients, change of at least", each) for each in limits.important),
        ("reliable, change of at least", limits.reliable),
    ]
    if limits.deterioration:
        named.append(("worsening, rise of at least", limits.deterioration))
    named.append(("a case, total at least", limits.caseness_min))
    for name, figure in named:
        yield name, f"{figure.value} {figure.unit}", figure.basis, figure.mark


if __name__ == "__main__":
    sys.stdout.write(page())
