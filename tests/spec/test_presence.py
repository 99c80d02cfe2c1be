"""Somebody left alone while sedated can stop breathing unseen."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from kapstone.monitoring.presence import Seat, Situation, lacking, presence_rows

SPEC = Path(__file__).parent / "presence.csv"
ROWS = list(csv.DictReader(SPEC.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(row.values()))
def test_who_lacks_is_what_the_table_says(row: dict[str, str]) -> None:
    known = Decimal(row["moaas"]) if row["moaas"] else None
    now = Situation(row["route"], row["dose_model"], known)
    found = lacking([Seat(each) for each in row["present"].split()], now)
    assert [each.band for each in found] == [each for each in row["lacking"].split(";") if each]


def test_every_row_is_proposed_and_says_so() -> None:
    assert {row.mark for row in presence_rows()} == {"P"}
    assert {row.id for row in presence_rows()} == {"THX-R1"}
