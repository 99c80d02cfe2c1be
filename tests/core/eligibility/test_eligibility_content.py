"""The committed tables hold together, and a published version never changes."""

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from kapstone.eligibility import (
    QUESTIONS,
    RULES,
    VERSION,
    Rule,
    page,
    questions,
    read_facts,
    rule,
    screen,
    tables,
)
from kapstone.eligibility.evaluate import Run, truth
from kapstone.eligibility.keys import CONCEPTS, KEYS, REQUIREMENTS, Requirement
from kapstone.eligibility.medicines import CLASSES, NAMES_SOURCE, SOURCE
from kapstone.eligibility.rules import SOURCES
from kapstone.errors import UnknownContent

ROOT = Path(__file__).parents[3]


def words(when: str) -> set[str]:
    return {word.strip("()[],") for word in when.replace("(", " ").replace(")", " ").split()}


def test_a_published_version_never_changes() -> None:
    published = json.loads((ROOT / "tests/spec/eligibility_versions.json").read_text("utf-8"))
    assert published[VERSION] == tables.digest(), "give the tables a new version, and add it here"


def test_the_page_is_the_one_the_rows_make() -> None:
    committed = (ROOT / "docs/generated/eligibility.md").read_text(encoding="utf-8")
    assert committed == page.render(), "run: python -m kapstone.generated docs/generated"


@pytest.mark.parametrize("row", RULES, ids=[f"{row.id} {row.band}" for row in RULES])
def test_a_row_names_only_what_exists(row: Rule) -> None:
    read = words(row.when)
    takes = {word.partition(".")[2] for word in read if word.startswith(("med.", "planned."))}
    assert takes <= set().union(*CLASSES.values())
    assert read & set(KEYS) <= set(row.inputs)
    assert set(row.inputs) <= set(KEYS)
    assert not takes or "medications" in row.inputs
    assert set(row.required) <= {requirement.key for requirement in REQUIREMENTS}
    assert set(row.source) <= set(SOURCES)
    assert row.mark and row.message and row.title
    assert bool(row.overridable_by) is (str(row.severity) in ("RELATIVE", "CAUTION"))


def test_fired_names_only_rules_listed_above() -> None:
    above: set[str] = set()
    for row in RULES:
        assert set(re.findall(r"fired\(([\w-]+)\)", row.when)) <= above, row.id
        above.add(row.id)


def test_every_source_is_used() -> None:
    lorazepam = tables.table(tables.load("medicines"), "lorazepam_equivalents")
    used = {source for row in RULES for source in row.source}
    used |= {tables.text(tables.table(lorazepam, name), "source") for name in lorazepam}
    used |= {*SOURCE, *NAMES_SOURCE}
    assert used == set(SOURCES)


def test_no_message_tells_anybody_to_stop_a_medicine() -> None:
    for row in RULES:
        assert " stop" not in f" {row.message}".lower(), row.id


def test_a_rule_by_its_id() -> None:
    assert [row.band for row in rule("SCR-052")] == ["current", "history"]
    with pytest.raises(UnknownContent, match="SCR-999"):
        rule("SCR-999")


def test_every_fact_that_a_rule_reads_or_needs_has_its_question() -> None:
    asked = [question.key.name for question in QUESTIONS]
    needed = {key for row in RULES for key in row.inputs} | {row.key for row in REQUIREMENTS}
    assert len(asked) == len(set(asked))
    # The one is computed from the medicines; the other is the calendar's.
    assert set(asked) == needed - {"lorazepam_eq_mg", "tele_cs_allowed"}
    for question in QUESTIONS:
        assert question.text.endswith("?")
        assert [word for word, _ in question.choices] == list(question.key.words)


@pytest.mark.hazard(12)
@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=[row.key for row in REQUIREMENTS])
def test_a_fact_that_must_be_known_is_asked_for(requirement: Requirement) -> None:
    """Where a question has a condition it is that of the requirement, or a wider one."""
    question = next((each for each in QUESTIONS if each.key.name == requirement.key), None)
    if question is None:
        assert requirement.key == "lorazepam_eq_mg"
        return
    for facts in SITUATIONS:
        if requirement.when is None or truth(requirement.when, Run(facts)):
            assert question.is_asked(facts), facts


SITUATIONS = [
    read_facts(
        {"for": stage, "product": product, "route": route, "dose_level": "psychedelic"} | more
    )
    for stage in ("eligibility", "dosing_day")
    for product, route in (("RACEMIC", "IV"), ("RACEMIC", "SL"), ("ESKETAMINE", "IN"))
    for more in (
        {},
        {"age_y": 60, "childbearing_potential": True, "pregnant": False},
        {f"dx.{concept}.current": True for concept in CONCEPTS},
        {f"dx.{concept}.history": True for concept in CONCEPTS},
        {f"dx.{concept}.current": False for concept in CONCEPTS},
        {"lab.alt": 4, "planned_doses": 7, "stopbang": 5},
        {"medications": [{"name": "Ozempic"}, {"name": "methadone"}]},
    )
]


def test_what_was_answered_stays_in_sight() -> None:
    asked = next(each for each in QUESTIONS if each.key.name == "lactating")
    assert asked.is_asked(read_facts({}))
    assert not asked.is_asked(read_facts({"childbearing_potential": False}))
    assert asked.is_asked(read_facts({"childbearing_potential": False, "lactating": True}))


def test_what_is_unknown_becomes_questions_in_order() -> None:
    facts = {"medications": [{"name": "Xanax"}, {"name": "xyzzy"}]}
    screening = screen(read_facts(facts))
    asked = questions(screening)
    assert [question.key.name for question in asked] == [item.key for item in screening.unknown]
    told = {question.text for question in asked}
    assert "This medicine is not known here: a pharmacist or prescriber checks it. xyzzy" in told
    assert any("daily dose, in mg, of each benzodiazepine" in text for text in told)


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (tables.text, 3),
        (partial(tables.number, absent=0), "3"),
        (partial(tables.number, absent=0), True),
        (tables.whole, 2.5),
        (tables.texts, "a"),
        (tables.table, []),
        (tables.rows, {}),
        (tables.rows, [3]),
    ],
)
def test_a_wrong_table_stops_the_program(
    read: Callable[[tables.Table, str], object], value: object
) -> None:
    with pytest.raises(TypeError, match="key must be"):
        read({"key": value}, "key")
