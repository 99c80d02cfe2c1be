"""The list of clinical content: nothing marked is left out, and no change keeps its hash."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import kapstone
from kapstone import content, instruments
from kapstone.content.row import given
from kapstone.content.words import told
from kapstone.eligibility.medicines import CLASSES, LORAZEPAM_EQUIVALENTS
from kapstone.eligibility.rules import RULES
from kapstone.findings import Severity
from kapstone.instruments.conditions import ItemIs, Relation
from kapstone.limits import Bound
from kapstone.schedule.rows import Offset

HERE = Path(kapstone.__file__).parent
# Files whose marks belong to something else: people drawn for the demo, curves that no page shows.
NOT_IN_FORCE = ("synth/", "pharmacology/")


def marked(value: object) -> Iterator[dict[str, object]]:
    """Every table with a mark, at whichever depth."""
    if isinstance(value, dict):
        if "mark" in value:
            yield value
        for each in value.values():
            yield from marked(each)
    if isinstance(value, list):
        for each in value:
            yield from marked(each)


def documents() -> Iterator[tuple[str, object]]:
    for path in sorted(HERE.rglob("*")):
        name = path.relative_to(HERE).as_posix()
        if name.startswith(NOT_IN_FORCE):
            continue
        if path.suffix == ".toml":
            yield name, tomllib.loads(path.read_text(encoding="utf-8"))
        if path.suffix == ".json":
            yield name, json.loads(path.read_text(encoding="utf-8"))


def newest(name: str) -> bool:
    stem, _, version = Path(name).stem.rpartition("-")
    return "instruments/data" not in name or instruments.load(stem).version == version


def test_every_marked_row_of_every_file_is_listed() -> None:
    """A row that is not listed is a limit in force that no director is ever asked to sign."""
    wanted: Counter[str] = Counter()
    for name, document in documents():
        if newest(name):
            rows = [row for row in marked(document) if row is not document]
            wanted[name.partition("/")[0]] += sum("policy" not in row for row in rows)
    listed = Counter(row.room for row in content.rows())
    rooms = {
        # the classes and names of medicines share the marks of their two tables
        "eligibility": listed["eligibility"] + len(LORAZEPAM_EQUIVALENTS),
        "dose": listed["dose"] + listed["treatment"],
        "schedule": listed["schedule"],
        "series": listed["series"],
        "adverse": listed["adverse"],
        "notes": listed["notes"],
        # figures of readings due and of parts, ranges and a scale share their table's mark
        "monitoring": sum(
            row.room == "monitoring"
            and not re.match(r"possible|late|stale|streamed|pause|amounts|MOAA", row.id)
            for row in content.rows()
        ),
        # each instrument's own row is beside them: how it is asked and scored
        "instruments": listed["instruments"] - len(instruments.ids()),
    }
    assert {name: count for name, count in wanted.items() if count} == rooms


def test_every_class_of_medicines_is_listed_and_to_be_signed() -> None:
    rows = {row.id: row for row in content.rows() if row.room == "medicines"}
    for group in set().union(*CLASSES.values()):
        assert rows[f"class.{group}"].to_sign, group
    assert not rows["names"].to_sign, "seen in its source"
    assert "naloxone" in str(dict(rows["combinations"].value)["Suboxone"])


def test_the_code_map_is_listed_whole() -> None:
    lines = (HERE / "fhir" / "code_map.csv").read_text(encoding="utf-8").splitlines()
    assert sum(row.room == "code_map" for row in content.rows()) == len(lines) - 1


def test_each_row_has_its_own_address_and_says_something() -> None:
    rows = content.rows()
    assert not [row.id for row in rows if "/" in row.id]
    assert len({(row.room, row.id) for row in rows}) == len({row.digest for row in rows})
    assert len(rows) == len({row.digest for row in rows})
    for row in rows:
        assert re.fullmatch(r"[\w.-]+", row.id), row.id
        assert row.room in content.ROOMS
        assert row.words
        assert row.source or row.room == "instruments", row.id
        assert set(row.mark.split("/")) <= {"S", "S2", "G", "P"}, row.id


@pytest.mark.parametrize("field", [each.name for each in fields(RULES[0]) if each.name != "holds"])
def test_a_change_of_any_field_is_another_row(field: str) -> None:
    """A severity that changes and keeps its signature is signed by nobody."""
    rule = RULES[0]
    other = {
        "severity": Severity.INFO,
        "floor": Severity.INFO,
        "band": "another",
    }.get(field, ("another",) if isinstance(getattr(rule, field), tuple) else "another")
    before = content.rule_row(rule)
    assert content.rule_row(replace(rule, **{field: other})).digest != before.digest
    assert content.rule_row(replace(rule)).digest == before.digest


def test_only_p_and_g_are_signed() -> None:
    def of(mark: str) -> bool:
        return content.made("dose", "x", "x", {"a": 1}, (), mark).to_sign

    assert [of(mark) for mark in ("S", "S2", "S/S2", "P", "G", "S/P", "S2/G")] == [
        False,
        False,
        False,
        True,
        True,
        True,
        True,
    ]


def test_two_relations_between_the_same_figures_are_two_rows() -> None:
    rows = {
        content.made("x", "x", "x", {"when": ItemIs("q9", relation, 2)}, (), "P").digest
        for relation in Relation
    }
    assert len(rows) == len(Relation)


@dataclass(frozen=True)
class _Pair:
    first: int
    not_given: None = None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(seconds=90), "90 s"),
        (timedelta(days=3), "3 days"),
        (timedelta(days=1, minutes=1), "1441 min"),
        (Decimal("0.5"), "0.5"),
        (Fraction(1, 8), "0.125"),
        (Bound(mg_per_kg=Decimal("1.5"), mg=Decimal(150)), "1.5 mg/kg or 150 mg"),
        (Offset(hours=24), "24 h"),
        (("a", None, "b"), "a; b"),
        (frozenset({"b", "a"}), "a, b"),
        ({"bmi_from": 30, "nothing": None}, "bmi from 30"),
        (_Pair(1), "first 1"),
        (ItemIs("q9", Relation.AT_LEAST, 1), "q9 ≥ 1"),
    ],
)
def test_a_value_in_words(value: object, words: str) -> None:
    assert told(value) == words


def test_what_is_no_row_is_refused() -> None:
    with pytest.raises(TypeError, match="is no row"):
        given("a word")
