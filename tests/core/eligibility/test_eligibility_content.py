"""The committed tables hold together, and a published version never changes."""

import json
from collections.abc import Callable
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
from kapstone.eligibility.keys import KEYS, REQUIREMENTS
from kapstone.eligibility.medicines import CLASSES
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
    takes = {word.removeprefix("med.") for word in read if word.startswith("med.")}
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
        named = {word for word in words(row.when) if word in {other.id for other in RULES}}
        assert named <= above, row.id
        above.add(row.id)


def test_every_source_is_used() -> None:
    lorazepam = tables.table(tables.load("medicines"), "lorazepam_equivalents")
    used = {source for row in RULES for source in row.source}
    used |= {tables.text(tables.table(lorazepam, name), "source") for name in lorazepam}
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
    needed |= {"route", "childbearing_potential"}
    assert len(asked) == len(set(asked))
    assert set(asked) == needed - {"lorazepam_eq_mg"}
    for question in QUESTIONS:
        assert question.text.endswith("?")
        assert [word for word, _ in question.choices] == list(question.key.words)


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
        (tables.number, "3"),
        (tables.number, True),
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
