"""The generated page of the questionnaires: docs/generated/instruments.md."""

from collections.abc import Iterable

from kapstone.instruments.conditions import (
    AtTimepoint,
    Condition,
    Every,
    ItemIs,
    Relation,
    RoseBy,
    ScoreIs,
    ScoreIsCalled,
    Unanswered,
)
from kapstone.instruments.definition import Figure, Instrument, Item, Score
from kapstone.instruments.loading import ids, load
from kapstone.instruments.rules import (
    CountAtLeast,
    CutoffBySex,
    Decision,
    Flag,
    HighestAnswer,
    HighestYes,
    Rule,
    Sum,
    SumOfHighest,
)

HEAD = """# Instruments

Made by `python -m kapstone.generated`; do not edit. Item labels are our own: the
questionnaires' wording is not stored here. No clinician has reviewed this content.

Marks: S seen in the source, G general knowledge to be checked, P proposed default.
"""


def page() -> str:
    """The whole page, newest version of each instrument."""
    held = [load(each) for each in ids()]
    listed = _table("instrument | purpose | kind | licence | checked", (_line(e) for e in held))
    return "\n".join([HEAD, f"{len(held)} instruments.\n", listed, "", *map(section, held)])


def _line(instrument: Instrument) -> tuple[str, ...]:
    status = instrument.licence.status.replace("_", " ")
    return (
        f"`{instrument.id}` {instrument.name}",
        instrument.purpose,
        instrument.kind.replace("_", " "),
        f"{status}, off until licensed" if instrument.licence.permission_needed else status,
        instrument.verification.level,
    )


def section(instrument: Instrument) -> str:
    """One instrument: what it asks, how it is scored, what it raises, and where that stands."""
    checked = instrument.verification
    memory = f" From memory: {checked.from_memory}." if checked.from_memory else ""
    panel = f" LOINC panel {instrument.loinc_panel}." if instrument.loinc_panel else ""
    parts = [
        f"## {instrument.name} (`{instrument.id}`, version {instrument.version})",
        f"{instrument.purpose}. {instrument.kind.replace('_', ' ').capitalize()}. Recall: "
        f"{instrument.recall}. Population: {instrument.population}. About "
        f"{instrument.minutes} min.{panel}",
        _licence(instrument),
        f"Checked against sources, level {checked.level}: {checked.confirmed}.{memory}",
        f"Note: {instrument.note}." if instrument.note else "",
        _table("item | label | answers | LOINC | notes", _item_rows(instrument)),
        _table("score | rule | missing | range | LOINC | bands", _score_rows(instrument)),
        _table("alert | level | when | what follows | mark", _alert_rows(instrument)),
        _table("change | value | basis | mark", _change_rows(instrument)),
        _sources(instrument),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _licence(instrument: Instrument) -> str:
    licence = instrument.licence
    said = [f"Licence: {licence.status.replace('_', ' ')}."]
    if licence.permission_needed:
        said.append("Off until the clinic says that it holds a licence.")
    said += [f"{part}." for part in (licence.holder, licence.note) if part]
    return " ".join(said) + (f" <{licence.source}>" if licence.source else "")


def _sources(instrument: Instrument) -> str:
    told = (
        f"[{each.title}]({each.url}){'' if each.seen else ' (from memory)'}"
        if each.url
        else each.title
        for each in instrument.sources
    )
    return f"Sources: {'; '.join(told)}." if instrument.sources else ""


def _table(header: str, rows: Iterable[tuple[str, ...]]) -> str:
    """A table, or nothing where it would have no row."""
    lines = [" | ".join(row) for row in rows]
    rule = " | ".join("---" for _ in header.split(" | "))
    return "\n".join(f"| {row} |" for row in [header, rule, *lines]) if lines else ""


def _item_rows(instrument: Instrument) -> Iterable[tuple[str, ...]]:
    for item in instrument.items:
        yield (
            item.id,
            item.label,
            answers_words(item),
            item.loinc,
            "; ".join(_notes(instrument, item)),
        )


def answers_words(item: Item) -> str:
    """The answers of an item, in words."""
    span = item.span
    if span is None:
        return ", ".join(f"{each.value} {each.label}" for each in item.choices)
    return f"{span.minimum} to {span.maximum}" + (", one decimal" if span.decimals else "")


def _notes(instrument: Instrument, item: Item) -> Iterable[str]:
    if item.watched:
        yield "watched"
    if not item.required:
        yield "optional"
    if item.asked_when:
        yield f"asked when {condition_words(item.asked_when)}"
    if item.zero_when:
        yield f"left out, 0 when {condition_words(item.zero_when)}"
    rules = [score.rule for score in instrument.scores]
    if any(isinstance(rule, Sum) and item.id in rule.turned for rule in rules):
        yield "scored the other way round"


def _score_rows(instrument: Instrument) -> Iterable[tuple[str, ...]]:
    for score in instrument.scores:
        yield (
            score.id,
            rule_words(score.rule),
            missing_words(score.rule),
            range_words(score),
            score.loinc or "",
            bands_words(score),
        )


def range_words(score: Score) -> str:
    """What a score may be, in words."""
    if isinstance(score.rule, Decision):
        return ", ".join([*(value for value, _ in score.rule.steps), score.rule.otherwise])
    if isinstance(score.rule, Flag | CutoffBySex):
        return "yes or no"
    return f"{score.minimum} to {score.maximum}"


def bands_words(score: Score) -> str:
    """The bands of a score, in words."""
    if score.cutoff_score is not None:
        return f"positive from {score.cutoff_score}"
    return ", ".join(f"{band.minimum}–{band.maximum} {band.label}" for band in score.bands)


def rule_words(rule: Rule) -> str:
    """How a score is reckoned, in words."""
    match rule:
        case Flag():
            return condition_words(rule.when)
        case CountAtLeast():
            extra = "".join(f", plus 1 if {condition_words(each)}" for each in rule.plus)
            return f"how many of {_span(rule.items)} are {rule.minimum} or more{extra}"
        case Sum():
            return _sum(rule)
        case SumOfHighest():
            groups = (" ".join(group) for group in rule.groups)
            return f"sum of the highest of each group: {'; '.join(groups)}"
        case HighestAnswer():
            return f"highest of {_span(rule.items)}"
        case HighestYes():
            return f"the last yes of {_span(rule.items)}, from 1"
        case CutoffBySex():
            limits = ", ".join(f"{least} {sex}" for sex, least in rule.minimum_by_sex.items())
            return f"{rule.score} at least {limits}, {rule.otherwise_minimum} where not known"
    steps = (f"{value} if {condition_words(when)}" for value, when in rule.steps)
    return f"the first that holds: {'; '.join(steps)}; else {rule.otherwise}"


def _sum(rule: Sum) -> str:
    if rule.divisor == len(rule.items) > 1 and rule.factor == 1:
        return f"mean of {_span(rule.items)}"
    scaled = f" times {rule.factor}" if rule.factor > 1 else ""
    return f"sum of {_span(rule.items)}{scaled}" + (
        f" by {rule.divisor}" if rule.divisor > 1 else ""
    )


def missing_words(rule: Rule) -> str:
    """What becomes of a score when an answer is missing, in words."""
    match rule:
        case Flag() | Decision():
            return "not shown, so not true"
        case CutoffBySex():
            return "no score, no flag"
        case SumOfHighest():
            return "a group without any answer: no score"
        case Sum() if rule.missing.max_missing_items:
            policy = rule.missing
            which = f" ({', '.join(policy.may_be_missing)} only)" if policy.may_be_missing else ""
            said = f"prorated, half up ({policy.basis}; {policy.mark})"
            return f"up to {policy.max_missing_items}{which} {said}"
    return (
        "what is answered counts, marked at least"
        if rule.is_lower_bound
        else ("any missing: no score")
    )


def _span(items: tuple[str, ...]) -> str:
    """First to last where nothing is left out between; else every item."""
    numbers = [item.removeprefix("q") for item in items]
    whole = all(number.isdigit() for number in numbers)
    run = whole and [int(number) for number in numbers] == list(
        range(int(numbers[0]), int(numbers[0]) + len(items))
    )
    return f"{items[0]} to {items[-1]}" if run and len(items) > 1 else ", ".join(items)


_SIGNS = {Relation.AT_LEAST: "≥", Relation.AT_MOST: "≤", Relation.EQUAL: "="}


def condition_words(condition: Condition) -> str:
    """When it holds, in words."""
    match condition:
        case ItemIs():
            return f"{condition.item} {_SIGNS[condition.relation]} {condition.limit}"
        case ScoreIs():
            return f"{condition.score} {_SIGNS[condition.relation]} {condition.limit}"
        case ScoreIsCalled():
            return f"{condition.score} is {str(condition.value).lower()}"
        case RoseBy():
            return f"{condition.score} up by {condition.minimum} or more"
        case AtTimepoint():
            return f"at {condition.timepoint}"
        case Unanswered():
            return f"{condition.item} unanswered"
    joint = " and " if isinstance(condition, Every) else " or "
    return "(" + joint.join(condition_words(part) for part in condition.parts) + ")"


def _alert_rows(instrument: Instrument) -> Iterable[tuple[str, ...]]:
    for alert in instrument.alerts:
        yield alert.id, str(alert.level), condition_words(alert.when), alert.action, alert.mark


def _change_rows(instrument: Instrument) -> Iterable[tuple[str, ...]]:
    limits = instrument.change
    named: list[tuple[str, Figure | None]] = [
        ("response, better by at least", limits.response),
        ("partial response, better by at least", limits.partial_response),
        ("score-remission, at most", limits.remission_max),
        ("target, at least", limits.remission_min),
        *(("important to patients, change of at least", each) for each in limits.important),
        ("reliable, change of at least", limits.reliable),
        ("worsening, rise of at least", limits.deterioration),
        ("a case, at least", limits.caseness_min),
    ]
    for name, figure in named:
        if figure:
            yield name, f"{figure.value} {figure.unit}", figure.basis, figure.mark
