"""A row that names a key nobody reads is a danger that was recorded and never screened."""

from pathlib import Path

import pytest

from kapstone.fhir import codemap
from kapstone.fhir.codemap import Row

# Keys of the screening contract that the map sets.
CONCEPTS = [
    "aneurysm",
    "avm",
    "ich",
    "raised_icp",
    "cns_mass",
    "obstructive_hydrocephalus",
    "mi",
    "unstable_angina",
    "ischaemic_stroke",
    "tia",
    "heart_failure",
    "valve_disease",
    "arrhythmia",
    "cad",
    "pacemaker",
    "hypertension",
    "hypertensive_encephalopathy",
    "psychosis",
    "mania",
    "bipolar",
    "dissociative_disorder",
    "personality_disorder",
    "hepatitis",
    "interstitial_cystitis",
    "uti",
    "gross_haematuria",
    "hyperthyroid",
    "hypothyroid",
    "angle_closure",
    "glaucoma",
    "porphyria",
    "seizure",
    "osa",
    "sud",
    "alcohol_use",
    "withdrawal",
    "delirium",
    "dementia",
    "gi_gastroparesis",
    "head_injury",
    "frailty",
]
KEYS = {f"dx.{concept}.{facet}" for concept in CONCEPTS for facet in ("current", "history")} | {
    *("pregnant", "weight_kg", "height_cm", "egfr", "ecg_qtc_ms", "phq9", "phq9_item9"),
    *("sbp", "dbp", "hr", "rr", "spo2", "temp_c"),
}
# Read by the screening rules of the first release and told by codes.
NEEDED = [
    "aneurysm",
    "avm",
    "ich",
    "psychosis",
    "mania",
    "bipolar",
    "hypertension",
    "sud",
    "alcohol_use",
]


@pytest.mark.parametrize("row", codemap.rows(), ids=lambda row: f"{row.code} {row.fact}")
def test_every_row_names_a_key_a_rule_a_source_and_a_mark(row: Row) -> None:
    assert set(row.keys) <= KEYS
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


def test_the_page_in_the_docs_is_the_map() -> None:
    page = Path(__file__).parents[3] / "docs" / "generated" / "code_map.md"
    assert page.read_text(encoding="utf-8") == codemap.as_markdown(), (
        "run python -m kapstone.generated docs/generated"
    )
