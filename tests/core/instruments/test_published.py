"""A published version never changes, or old scores would mean something else than they did."""

import csv
import hashlib
import json
from dataclasses import FrozenInstanceError, replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from kapstone import instruments
from kapstone.errors import InvalidInput, UnknownContent
from kapstone.instruments import loading
from kapstone.instruments.definition import Source
from kapstone.instruments.document import Node
from kapstone.instruments.page import rule_words, section
from kapstone.instruments.rules import MissingPolicy, OfItems, Sum

TESTS = Path(__file__).parents[2]


def content_hash(document: object) -> str:
    """Of the content, not of its layout."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def documents() -> dict[str, dict]:
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


@pytest.mark.parametrize(
    ("items", "factor", "divisor", "words"),
    [
        (2, 1, 1, "sum of q1 to q2"),
        (2, 2, 1, "sum of q1 to q2 times 2"),
        (3, 1, 2, "sum of q1 to q3 by 2"),
        (2, 1, 2, "mean of q1 to q2"),
        (2, 2, 2, "sum of q1 to q2 times 2 by 2"),
        (1, 1, 1, "sum of q1"),
    ],
)
def test_the_page_says_how_a_score_is_reckoned(
    items: int, factor: int, divisor: int, words: str
) -> None:
    names = tuple(f"q{n}" for n in range(1, items + 1))
    assert rule_words(Sum(names, MissingPolicy(), factor, divisor, 0)) == words


def test_a_source_without_an_address_is_named() -> None:
    told = replace(instruments.load("phq9"), sources=(Source("A book on a shelf", "", seen=True),))
    assert section(told).endswith("Sources: A book on a shelf.\n")


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
            step = Decimal(1).scaleb(-score.rule.decimals if isinstance(score.rule, Sum) else 0)
            assert score.bands[0].minimum == score.minimum
            assert score.bands[-1].maximum == score.maximum
            for lower, upper in pairwise(score.bands):
                assert lower.minimum <= lower.maximum
                assert upper.minimum == lower.maximum + step


@pytest.mark.parametrize("instrument_id", instruments.ids())
def test_rules_and_conditions_name_only_what_the_instrument_has(instrument_id: str) -> None:
    instrument = instruments.load(instrument_id)
    items = {item.id for item in instrument.items}
    known = items | {score.id for score in instrument.scores}
    for score in instrument.scores:
        if isinstance(score.rule, OfItems):
            assert set(score.rule.items) <= items
    document = documents()[f"{instrument_id}-{instrument.version}"]
    assert set(named(document["scores"]) + named(document["alerts"])) <= known
    assert set(named(document["items"])) <= items
    assert instrument.main in {*known, None}


def named(document: object) -> list[str]:
    """What the conditions of a document ask about."""
    if isinstance(document, list):
        return [name for each in document for name in named(each)]
    if not isinstance(document, dict):
        return []
    own = [document[key] for key in ("item", "score", "change", "missing") if key in document]
    inner = [name for each in document.values() for name in named(each)]
    return [name for name in own if isinstance(name, str)] + inner


KEYS = {
    "document": "id version name purpose kind minutes recall recall_days population verification "
    "licence loinc_panel main note choices items scores change alerts sources",
    "items": "id label choices loinc required watched reversed asked_when zero_when",
    "scores": "id op items groups steps score cutoffs otherwise when threshold plus multiply "
    "divide decimals missing range loinc unit cutoff better note bands",
    "change": "direction response partial_response remission_max remission_min important "
    "reliable reliability deterioration caseness_min",
    "alerts": "id level when action mark",
}


@pytest.mark.parametrize("name", sorted(documents()))
def test_no_key_is_a_slip_that_hides_a_fact(name: str) -> None:
    document = documents()[name]
    assert set(document) <= set(KEYS["document"].split())
    assert set(document["change"]) <= set(KEYS["change"].split())
    for part in ("items", "scores", "alerts"):
        for each in document[part]:
            assert set(each) <= set(KEYS[part].split())


@pytest.mark.hazard(10)
@pytest.mark.parametrize("instrument_id", instruments.ids())
def test_a_watched_item_left_out_always_alerts(instrument_id: str) -> None:
    instrument = instruments.load(instrument_id)
    for item in instrument.items:
        if item.watched and item.asked_when is None:
            others = {each.id: min(each.values) for each in instrument.items if each != item}
            assert instruments.score(instrument, others).alerts, item.id


@pytest.mark.hazard(10)
def test_phq9_watches_item_9_and_nothing_else_slips_in() -> None:
    watched = [item.id for item in instruments.load("phq9").items if item.watched]
    assert watched == ["q9"]


def test_the_newest_version_is_the_default_and_loaded_once() -> None:
    assert len(set(instruments.ids()) - {"moment"}) == 41  # those of the contract, and our own
    assert instruments.load("phq9") is instruments.load("phq9")
    assert instruments.load("phq9", "2") == instruments.load("phq9")
    with pytest.raises(FrozenInstanceError):
        instruments.load("phq9").name = "another"  # type: ignore[misc]  # that it cannot be set
    assert replace(instruments.load("phq9"), name="a copy").name == "a copy"


@pytest.mark.parametrize("instrument_id", ["gad7", "phq9"])
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
        ("ymrs", None, f"ymrs: no such instrument here. Held: {', '.join(instruments.ids())}."),
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
        ('"policy": "strict"', '"policy": "lower_bound"', "x.scores[1].missing.basis"),
        ('"policy": "strict"', '"policy": "none"', "x.scores[1].missing.basis"),
        ('"policy": "prorate"', '"policy": "guess"', "x.scores[0].missing"),
        ('{"item": "q9", "ge": 1}', '{"item": "q9"}', "x.scores[2].plus[0]"),
        ('"choices": "phq_difficulty"', '"choices": "phq"', "x.items[9].choices"),
        ('"level": "urgent"', '"level": "soon"', "x.alerts[0].level"),
        ('"round": "half_up"', '"round": "down"', "x.scores[0].missing"),
        ('"op": "count_ge"', '"op": "median"', "x.scores[2]"),
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
