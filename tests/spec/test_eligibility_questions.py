"""When a question is asked, on both sides of what it depends on: one that is not asked is a fact
that nobody will know, one too many a visit in which nobody listens any more."""

import csv
import json
from pathlib import Path

import pytest

from kapstone.eligibility import QUESTIONS, read_facts

with Path(__file__).with_name("questions_asked.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def value(written: str) -> object:
    return written if written.isupper() else json.loads(written)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['question']} {row['known']}" for row in ROWS])
def test_a_question_is_asked_where_its_answer_counts(row: dict[str, str]) -> None:
    known = dict(pair.split("=") for pair in row["known"].split())
    facts = read_facts({key: value(written) for key, written in known.items()})
    (question,) = (each for each in QUESTIONS if each.key.name == row["question"])
    assert question.is_asked(facts) is (row["asked"] == "yes")
