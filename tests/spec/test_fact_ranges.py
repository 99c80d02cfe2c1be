"""Every figure that a screening or an order takes, at the ends of its range and one step outside:
a slip taken for a fact is screened and dosed as one. The ranges are the draft's, but that the draft
has a dose before from 0 mg and no day of the course.
"""

import csv
from collections.abc import Callable
from decimal import Decimal
from math import inf
from pathlib import Path

import pytest

from kapstone.dose import read_order
from kapstone.eligibility import read_facts
from kapstone.eligibility.keys import KEYS, MEDICINE_FIELDS, Kind
from kapstone.errors import InvalidInput

Reader = Callable[[str, int | float], object]
with Path(__file__).with_name("fact_ranges.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
NAMES = [f"{row['of']} {row['key']}" for row in ROWS]
ESKETAMINE = {"product": "ESKETAMINE", "route": "IN", "dose_mg": 56}
RACEMIC = {"product": "RACEMIC", "route": "IV", "dose_mg": 30}


def screened(key: str, value: int | float) -> object:
    listed = KEYS[key].kind is Kind.READINGS
    return read_facts({key: [value] if listed else value})


def condition(key: str, value: int | float) -> object:
    return read_facts({f"dx.mi.{key}": value})


def medicine(key: str, value: int | float) -> object:
    return read_facts({"medications": [{"name": "lithium", key: value}]})


def ordered(key: str, value: int | float) -> object:
    if key == "dose_mg_per_kg":
        return read_order({"product": "RACEMIC", "route": "IV", key: value})
    return read_order((ESKETAMINE if key == "devices" else RACEMIC) | {key: value})


def dosed_before(key: str, value: int | float) -> object:
    return read_order(RACEMIC | {"previous": [{"dose_mg": 30, "days_ago": 3} | {key: value}]})


READERS: dict[str, Reader] = {
    "screening": screened,
    "condition": condition,
    "medicine": medicine,
    "order": ordered,
    "dose before": dosed_before,
}


def figure(told: Decimal) -> int | float:
    return int(told) if told == int(told) else float(told)


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_a_figure_is_taken_at_the_ends_of_its_range_and_not_beyond(row: dict[str, str]) -> None:
    read, key = READERS[row["of"]], row["key"]
    least, most = Decimal(row["least"]), Decimal(row["most"])
    step = Decimal(1).scaleb(min(int(least.as_tuple().exponent), int(most.as_tuple().exponent)))
    read(key, figure(least))
    read(key, figure(most))
    for beyond in (least - step, most + step):
        with pytest.raises(InvalidInput, match=key):
            read(key, figure(beyond))


def test_every_figure_of_a_screening_is_in_the_table() -> None:
    ranged = [key for key, held in KEYS.items() if held.minimum > -inf]
    held = {f"screening {key}" for key in ranged if not key.startswith("dx.")}
    held |= {f"condition {key.rpartition('.')[2]}" for key in ranged if key.startswith("dx.")}
    held |= {f"medicine {key}" for key, told in MEDICINE_FIELDS.items() if told.minimum > -inf}
    assert held == {name for name in NAMES if not name.startswith(("order", "dose before"))}
