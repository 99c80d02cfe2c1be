"""People sign what they can read, and every plan has every item once."""

import csv
import re
import tomllib
from collections import Counter
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest

from clinic.planning import consent_text
from clinic.planning.consent_text import text
from clinic.planning.models import Plan

# A published text never changes: a change is a new version, and this table grows.
PUBLISHED = {"1": "a291c94ade256c7a1ab85a1c38b0b8c157b090638542b98ddb660730dc71aa11"}
EVERY = {f"CON-{n:02}" for n in range(1, 17)}


def test_a_published_text_is_what_it_was() -> None:
    raw = files("clinic.planning").joinpath("consent_text.toml").read_bytes()
    rows = tomllib.loads(raw.decode())["item"]
    words = "\n".join(f"{row['id']} {row['title']} {row['text']}" for row in rows)
    assert sha256(words.encode()).hexdigest() == PUBLISHED[text().version]


@pytest.mark.parametrize(
    ("product", "route", "left_out"),
    [
        ("RACEMIC", "IV", {"CON-15"}),
        ("RACEMIC", "IM", {"CON-15"}),
        ("ESKETAMINE", "IN", {"CON-02"}),
    ],
)
def test_each_treatment_has_each_item_once(product: str, route: str, left_out: set[str]) -> None:
    found = Counter(item.id for item in text().items if item.is_for(product, route))
    assert set(found) == EVERY - left_out
    assert set(found.values()) == {1}


def test_the_plan_stands_in_the_words() -> None:
    plan = Plan(
        indication_id="IND-05", product="RACEMIC", route="IM",
        sessions=5, spacing_days=4, costs="600 dollars {each}",
    )  # fmt: skip
    words = " ".join(item.text for item in consent_text.items_for(plan))
    for part in ("Post-traumatic", "5 sessions, at least 4 days", "600 dollars {each}"):
        assert part in words


def test_each_source_is_explained() -> None:
    assert {code for item in text().items for code in item.source} == set(text().sources)


def syllables(word: str) -> int:
    """About how many a word has: groups of vowels, a silent e left out."""
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = re.search(r"[^aeiouyl]e$", word.lower()) is not None and groups > 1
    return max(1, groups - silent)


def grade(words: str) -> float:
    """School grade by the Flesch-Kincaid formula (Kincaid and others, 1975)."""
    sentences = len(re.findall(r"[.!?:;](\s|$)", words))
    found = re.findall(r"[A-Za-z']+", words)
    count = sum(map(syllables, found))
    return 0.39 * len(found) / max(1, sentences) + 11.8 * count / len(found) - 15.59


@pytest.mark.parametrize("item", text().items, ids=lambda item: f"{item.id}-{item.title}")
def test_an_eighth_grader_can_read_it(item: consent_text.Item) -> None:
    assert grade(re.sub(r"\{\w+\}", "it", item.text)) <= 8


def test_the_measure_of_reading_can_fail() -> None:
    hard = "Pharmacological interventions necessitate comprehensive multidisciplinary evaluation."
    assert grade(hard) > 12


def test_every_item_of_the_draft_is_there_with_its_mark() -> None:
    """As carried in from the clinical draft: an item that is lost is a risk nobody was told of."""
    spec = Path(__file__).parents[2] / "spec" / "series_rows.csv"
    with spec.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["group"] == "consent"]
    wanted = {(row["id"], row["mark"]) for row in rows}
    assert {(item.id, item.mark) for item in text().items} == wanted
