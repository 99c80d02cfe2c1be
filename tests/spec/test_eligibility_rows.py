"""The rows of the rules against the draft they were carried in from: a rule that is lost, milder
or narrower than its draft lets somebody through."""

import csv
from pathlib import Path

import pytest

from kapstone.eligibility import RULES, Rule
from kapstone.eligibility.grammar import parse
from kapstone.eligibility.keys import REQUIREMENTS

HERE = Path(__file__).parent
# Where a row says otherwise than the draft, and why.
DIFFERS = {
    ("SCR-072", "escalation phase or gut symptoms"): "reads gastroparesis: its input is named",
}


def lines(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = lines("eligibility_rows.csv")


def told(row: Rule) -> dict[str, str]:
    return {
        "id": row.id,
        "band": row.band or "",
        "severity": str(row.severity or "INCOMPLETE"),
        "floor": str(row.floor or ""),
        "product": " ".join(row.product),
        "route": " ".join(row.route),
        "for": " ".join(row.stages),
        "mark": row.mark,
        "inputs": " ".join(row.inputs),
        "required": " ".join(row.required),
        "overridable_by": " ".join(row.overridable_by),
    }


def test_the_rules_are_those_of_the_draft_in_its_order() -> None:
    assert [(row.id, row.band or "") for row in RULES] == [(row["id"], row["band"]) for row in ROWS]


@pytest.mark.hazard(12)
@pytest.mark.parametrize(
    ("row", "drafted"), list(zip(RULES, ROWS, strict=True)), ids=[f"{r.id} {r.band}" for r in RULES]
)
def test_a_row_says_what_the_draft_says(row: Rule, drafted: dict[str, str]) -> None:
    said = told(row)
    if (row.id, row.band) in DIFFERS:
        assert said.pop("inputs").split() == [
            *drafted.pop("inputs").split(),
            "dx.gi_gastroparesis.current",
        ]
    assert said == drafted


@pytest.mark.hazard(12)
def test_a_fact_must_be_known_when_the_draft_says_so() -> None:
    drafted = [
        (row["key"], None if row["required while"] == "always" else parse(row["required while"]))
        for row in lines("eligibility_required.csv")
    ]
    assert [(each.key, each.when) for each in REQUIREMENTS] == drafted
