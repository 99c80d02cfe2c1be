"""A published version never changes, or old scores would mean something else than they did."""

import csv
import hashlib
import json
import runpy
from dataclasses import FrozenInstanceError, replace
from decimal import Decimal
from pathlib import Path

import pytest

from kapstone import instruments
from kapstone.errors import InvalidInput, UnknownContent
from kapstone.instruments import loading
from kapstone.instruments.document import Node
from kapstone.instruments.page import page
from kapstone.instruments.rules import CountAtLeast, Sum

TESTS = Path(__file__).parents[2]
GENERATED = TESTS.parent / "docs" / "generated" / "instruments.md"


def content_hash(document: object) -> str:
    """Of the content, not of its layout."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def documents() -> dict[str, object]:
    return {
        entry.name.removesuffix(".json"): json.loads(entry.read_text(encoding="utf-8"))
        for entry in loading.DATA.iterdir()
    }


def test_a_published_version_keeps_its_content() -> None:
    with (TESTS / "spec" / "published_instruments.csv").open() as table:
        committed = {row["instrument"]: row["sha256"] for row in csv.DictReader(table)}
    found = {name: content_hash(document) for name, document in documents().items()}
    assert found == committed, "changed content needs a new version: a new file ID-VERSION.json"


def test_any_change_of_content_alters_its_hash() -> None:
    text = json.dumps(documents()["phq9-1"])
    changed = json.loads(text.replace('"max_missing": 2', '"max_missing": 3'))
    assert content_hash(changed) != content_hash(json.loads(text))


def test_the_generated_page_stands_as_committed() -> None:
    assert page() == GENERATED.read_text(encoding="utf-8"), (
        "run: python -m kapstone.instruments.page > docs/generated/instruments.md"
    )


def test_the_page_is_printed_by_its_command(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(Path(loading.__file__).with_name("page.py")), run_name="__main__")
    assert capsys.readouterr().out == page()


def test_a_file_is_named_by_what_it_holds() -> None:
    for name in documents():
        held, version = name.rsplit("-", 1)
        assert (loading.load(held, version).id, loading.load(held, version).version) == (
            held,
            version,
        )


@pytest.mark.parametrize("instrument_id", instruments.ids())
def test_bands_cover_the_whole_range_without_gap_or_overlap(instrument_id: str) -> None:
    for score in instruments.load(instrument_id).scores:
        if score.bands:
            covered = [n for band in score.bands for n in range(band.minimum, band.maximum + 1)]
            assert score.minimum is not None
            assert score.maximum is not None
            assert covered == list(range(score.minimum, score.maximum + 1))


@pytest.mark.parametrize("instrument_id", instruments.ids())
def test_rules_name_only_items_of_the_instrument(instrument_id: str) -> None:
    instrument = instruments.load(instrument_id)
    known = {item.id for item in instrument.items if item.required}
    for score in instrument.scores:
        if isinstance(score.rule, Sum | CountAtLeast):
            assert set(score.rule.items) <= known


@pytest.mark.hazard(10)
def test_phq9_watches_item_9_and_nothing_else_slips_in() -> None:
    watched = [item.id for item in instruments.load("phq9").items if item.watched]
    assert watched == ["q9"]


def test_the_newest_version_is_the_default_and_loaded_once() -> None:
    assert instruments.ids() == ("gad7", "phq9")
    assert instruments.load("phq9") is instruments.load("phq9")
    assert instruments.load("phq9", "2") == instruments.load("phq9")
    with pytest.raises(FrozenInstanceError):
        instruments.load("phq9").name = "another"  # type: ignore[misc]  # that it cannot be set
    assert replace(instruments.load("phq9"), name="a copy").name == "a copy"


@pytest.mark.parametrize("instrument_id", instruments.ids())
def test_version_2_says_how_far_the_questions_reach_and_scores_as_version_1(
    instrument_id: str,
) -> None:
    first, second = (instruments.load(instrument_id, version) for version in ("1", "2"))
    assert (first.recall_days, second.recall_days) == (None, 14)
    assert second.recall == "14 days"
    assert replace(second, version="1", recall_days=None) == first


@pytest.mark.parametrize(
    ("instrument_id", "version", "message"),
    [
        ("pcl5", None, "pcl5: no such instrument here. Held: gad7, phq9."),
        ("phq9", "9", "phq9: no version 9 here. Held: 1, 2."),
        ("phq9", "", "phq9: no version  here. Held: 1, 2."),
    ],
)
def test_what_is_not_held_is_refused_with_what_is(
    instrument_id: str, version: str | None, message: str
) -> None:
    with pytest.raises(UnknownContent) as caught:
        instruments.load(instrument_id, version)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"policy": "strict"', '"policy": "lower_bound"', "x.scores[1].missing"),
        ('"round": "half_up"', '"round": "down"', "x.scores[0].missing"),
        ('"op": "count_ge"', '"op": "mean"', "x.scores[2]"),
        ('"ge": 5', '"gt": 5', "x.scores[3].when.all[0].gt"),
        ('"minutes": 3', '"minutes": true', "x.minutes"),
        ('"minutes": 3', '"length": 3', "x.minutes"),
        ('"watched": true', '"watched": 1', "x.items[8].watched"),
        ('"name": "PHQ-9"', '"name": 9', "x.name"),
        ('"items": ["q1", "q2"]', '"items": "q1"', "x.scores[1].items"),
    ],
)
def test_content_that_the_engine_cannot_read_is_refused_by_place(
    old: str, new: str, key: str
) -> None:
    text = json.dumps(documents()["phq9-1"])
    assert old in text
    with pytest.raises(InvalidInput) as caught:
        loading.instrument_of(Node(json.loads(text.replace(old, new)), "x"))
    assert caught.value.key == key


def test_a_number_is_read_exactly() -> None:
    assert instruments.load("gad7").change.important[1].value == Decimal("26.8")
