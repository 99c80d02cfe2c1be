"""How much of each benzodiazepine and Z-drug is too much beside ketamine, and a little more: an
equivalent that is off lets a deep sedation through, or holds back somebody who may go on.
"""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from kapstone.eligibility import read_facts, screen
from kapstone.eligibility.medicines import LORAZEPAM_EQUIVALENTS

with Path(__file__).with_name("lorazepam_equivalents.csv").open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))
MOST_MG = 3  # of lorazepam a day: DDI-01


def band(medicine: str, daily_mg: Decimal) -> str | None:
    taken = {"name": medicine, "daily_dose_mg": daily_mg}
    found = screen(read_facts({"medications": [taken]})).findings
    return next(finding.band for finding in found if finding.code == "DDI-01")


@pytest.mark.hazard(12)
@pytest.mark.parametrize("row", ROWS, ids=[row["medicine"] for row in ROWS])
def test_three_milligrams_of_lorazepam_are_borne_and_no_more(row: dict[str, str]) -> None:
    most_mg = MOST_MG * Decimal(row["mg"])
    assert band(row["medicine"], most_mg) == "any dose"
    assert band(row["medicine"], most_mg + Decimal("0.001")) == ">3 mg/d lorazepam-eq"


def test_the_table_is_the_draft() -> None:
    held = {name: (told.source, told.mark) for name, told in LORAZEPAM_EQUIVALENTS.items()}
    assert held == {row["medicine"]: ((row["source"],), row["mark"]) for row in ROWS}
