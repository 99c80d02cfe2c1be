"""A hazard of a built room has a test, and SAFETY.md shows the table as it is."""

from pathlib import Path

from scripts import generate, hazards
from tests.repo.tree import ROOT, plant

ONE = """
[[hazard]]
number = 4
name = "A tenfold dose"
severity = 5
cause = "A slip."
control = "A limit."
rooms = ["kapstone.dose", "clinic.dosing"]
"""
SAFETY = f"# Safety\n{generate.START}{generate.END}end\n"

ONLY = {"SAFETY.md": generate.safety}


def test_every_hazard_of_a_built_room_has_a_test() -> None:
    assert hazards.offences(ROOT) == []


def test_every_generated_page_is_up_to_date() -> None:
    assert generate.differences(ROOT, generate.pages()) == []


def test_the_exact_sentence_stands_in_safety_md() -> None:
    sentence = (
        "No clinician has reviewed this content. It is not a medical device and has no clearance."
    )
    assert sentence in (ROOT / "SAFETY.md").read_text(encoding="utf-8")


def test_a_built_room_without_a_test_is_found(tmp_path: Path) -> None:
    plant(tmp_path, {"docs/hazards.toml": ONE, "SAFETY.md": SAFETY})
    assert hazards.offences(tmp_path) == []
    assert "Not yet built:\n\n- 4. A tenfold dose" in hazards.table(tmp_path)
    plant(tmp_path, {"src/kapstone/dose/check.py": ""})
    assert hazards.offences(tmp_path)[0].startswith("Hazard 4 (A tenfold dose): kapstone.dose is")
    plant(tmp_path, {"tests/test_a.py": "@pytest.mark.hazard(4)\ndef test_a(): ...\n"})
    assert hazards.offences(tmp_path) == []
    assert "- 4: `tests/test_a.py::test_a`" in hazards.table(tmp_path)


def test_marks_of_modules_and_classes_count_and_an_unknown_one_is_found(tmp_path: Path) -> None:
    text = "pytestmark = [pytest.mark.hazard(4)]\nclass TestA:\n def test_a(self): ...\n"
    text += "@pytest.mark.hazard(99)\ndef test_b(): ...\n"
    plant(tmp_path, {"docs/hazards.toml": ONE, "tests/test_a.py": text})
    assert hazards.tests(tmp_path)[4] == [
        "tests/test_a.py::TestA::test_a",
        "tests/test_a.py::test_b",
    ]
    assert hazards.offences(tmp_path) == [
        "tests/test_a.py::test_b names hazard 99, which is not listed."
    ]


def test_a_stale_page_is_found(tmp_path: Path) -> None:
    plant(tmp_path, {"docs/hazards.toml": ONE, "SAFETY.md": SAFETY})
    assert generate.differences(tmp_path, ONLY)
    plant(tmp_path, {"SAFETY.md": generate.safety(tmp_path)})
    assert generate.differences(tmp_path, ONLY) == []
    assert (tmp_path / "SAFETY.md").read_text(encoding="utf-8").endswith("end\n")
