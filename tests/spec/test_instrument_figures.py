"""Every figure of the questionnaires against the draft they were carried in from: a band that
begins one point late, or an alert that does, leaves somebody without the call they needed.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from kapstone import instruments
from kapstone.instruments import Instrument, loading
from kapstone.instruments.conditions import (
    AtTimepoint,
    Condition,
    Either,
    Every,
    ItemIs,
    Relation,
    RoseBy,
    ScoreIs,
    ScoreIsCalled,
    Unanswered,
)
from kapstone.instruments.definition import Figure, Item, Score
from kapstone.instruments.rules import CountAtLeast, CutoffBySex, Decision, Flag, Sum

SIGNS = {Relation.AT_LEAST: "≥", Relation.AT_MOST: "≤", Relation.EQUAL: "="}
CHANGES = ("response", "partial_response", "remission_max", "remission_min", "reliable",
           "deterioration", "caseness_min")  # fmt: skip
Row = tuple[str, str, str]  # what it is, of what, the figure


def answers(item: Item) -> str:
    if item.span is None:
        return " ".join(str(choice.value) for choice in item.choices)
    decimals = f", decimals {item.span.decimals}" if item.span.decimals else ""
    return f"{item.span.minimum} to {item.span.maximum}{decimals}"


def when(condition: Condition) -> str:
    match condition:
        case ItemIs():
            return f"{condition.item} {SIGNS[condition.relation]} {condition.limit}"
        case ScoreIs():
            return f"{condition.score} {SIGNS[condition.relation]} {condition.limit}"
        case ScoreIsCalled():
            return f"{condition.score} is {str(condition.value).lower()}"
        case RoseBy():
            return f"{condition.score} up by {condition.minimum}"
        case AtTimepoint():
            return f"at {condition.timepoint}"
        case Unanswered():
            return f"no {condition.item}"
        case Every():
            return f"({' and '.join(map(when, condition.parts))})"
        case Either():
            return f"({' or '.join(map(when, condition.parts))})"


def told(instrument: Instrument) -> Iterator[Row]:
    """Every figure that an instrument holds."""
    yield "minutes", "", str(instrument.minutes)
    if instrument.recall_days is not None:
        yield "recall days", "", str(instrument.recall_days)
    alike: dict[str, list[str]] = {}
    for item in instrument.items:
        alike.setdefault(answers(item), []).append(item.id)
        if item.asked_when:
            yield "asked when", item.id, when(item.asked_when)
        if item.zero_when:
            yield "zero when", item.id, when(item.zero_when)
    yield from (("answers", " ".join(ids), words) for words, ids in alike.items())
    for score in instrument.scores:
        yield from told_of(score)
    yield from (("alert", alert.id, when(alert.when)) for alert in instrument.alerts)
    yield from told_of_change(instrument)


def told_of(score: Score) -> Iterator[Row]:
    rule = score.rule
    if score.minimum is not None:
        yield "range", score.id, f"{score.minimum} to {score.maximum}"
    if score.cutoff_score is not None:
        yield "positive from", score.id, str(score.cutoff_score)
    for band in score.bands:
        yield "band", f"{score.id} {band.code}", f"{band.minimum} to {band.maximum}"
    match rule:
        case Sum():
            scaled = f"times {rule.factor} by {rule.divisor}, decimals {rule.decimals}"
            yield "sum", score.id, scaled
            yield "may be missing", score.id, str(rule.missing.max_missing_items)
        case CountAtLeast():
            more = "".join(f", plus {when(each)}" for each in rule.plus)
            yield "counts answers from", score.id, f"{rule.minimum}{more}"
        case CutoffBySex():
            by_sex = " ".join(f"{sex} {least}" for sex, least in rule.minimum_by_sex.items())
            yield "positive from", score.id, f"{by_sex} else {rule.otherwise_minimum}"
        case Flag():
            yield "true when", score.id, when(rule.when)
        case Decision():
            yield from (("is", f"{score.id} {name}", when(step)) for name, step in rule.steps)


def told_of_change(instrument: Instrument) -> Iterator[Row]:
    for name in CHANGES:
        figure: Figure | None = getattr(instrument.change, name)
        if figure is not None:
            yield name.replace("_", " "), "", f"{figure.value} {figure.unit}"
    for figure in instrument.change.important:
        yield "important", "", f"{figure.value} {figure.unit}"
    for name, value in instrument.change.reliability.items():
        yield "reliability", name, str(value)


def drafted() -> dict[str, list[Row]]:
    """The figures of each questionnaire, the draft's but for those told apart with a reason."""
    table = Path(__file__).with_name("instrument_figures.csv")
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(bool(row["ours"]) is bool(row["why"]) for row in rows)
    assert all(row["ours"] != row["draft"] for row in rows)
    found: dict[str, list[Row]] = {row["instrument"]: [] for row in rows}
    for row in rows:
        figure = row["ours"] or row["draft"]
        if figure != "none":
            found[row["instrument"]].append((row["what"], row["of"], figure))
    return found


DRAFTED = drafted()
VERSIONS = [(each, version) for each, held in loading.published().items() for version in held]


def test_every_questionnaire_has_its_figures_in_the_table() -> None:
    assert set(DRAFTED) == set(instruments.ids())


@pytest.mark.hazard(10)
@pytest.mark.parametrize(("instrument_id", "version"), VERSIONS)
def test_every_figure_is_the_one_of_the_draft(instrument_id: str, version: str) -> None:
    instrument = instruments.load(instrument_id, version)
    rows = DRAFTED[instrument_id]
    if instrument.recall_days is None:  # held since the second version of the two oldest
        rows = [row for row in rows if row[0] != "recall days"]
    assert sorted(told(instrument)) == sorted(rows)
