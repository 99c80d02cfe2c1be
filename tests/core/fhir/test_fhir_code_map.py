"""A row that names a key nobody reads is a danger that was recorded and never screened."""

import pytest

from kapstone.eligibility.keys import KEYS
from kapstone.fhir import codemap
from kapstone.fhir.codemap import Row
from kapstone.fhir.units import POSSIBLE

# Read by the screening rules of the first release and told by codes.
NEEDED = (
    *("aneurysm", "avm", "ich", "psychosis", "mania", "bipolar"),
    *("hypertension", "sud", "alcohol_use"),
)


@pytest.mark.parametrize("row", codemap.rows(), ids=lambda row: f"{row.code} {row.fact}")
def test_every_row_names_a_key_a_rule_a_source_and_a_mark(row: Row) -> None:
    assert set(row.keys) <= set(KEYS)
    assert row.system in codemap.SYSTEMS.values()
    assert row.match == ("prefix" if row.system == "ICD-10-CM" else "exact")
    assert row.rule in ("status", "history", "present", "measure", "sign", "score", "item")
    assert row.mark in ("S", "S2", "G")
    assert row.code and row.display and row.source


def test_no_row_stands_twice() -> None:
    places = [(row.system, row.code, row.fact) for row in codemap.rows()]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("concept", NEEDED)
def test_each_danger_has_a_code_in_both_systems(concept: str) -> None:
    rows = [row for row in codemap.rows() if row.fact == f"dx.{concept}"]
    assert {row.system for row in rows} == {"ICD-10-CM", "SNOMED CT"}


@pytest.mark.parametrize("key", POSSIBLE)
def test_a_measurement_that_is_read_is_one_that_screening_accepts(key: str) -> None:
    least, greatest = POSSIBLE[key]
    assert (KEYS[key].minimum, KEYS[key].maximum) == (least, greatest)
