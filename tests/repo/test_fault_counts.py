"""The counts of fault tests, the dated evidence, and hazards that may not be skipped."""

import subprocess
import sys
from pathlib import Path

from tests.repo.tree import ROOT, plant

CASES = """
import pytest

@pytest.mark.fault
@pytest.mark.counts(small=2, middle=5, full=20)
def test_kill(fault_count, record_property):
    record_property("shown", "3 of 20 were late.")
    assert fault_count == {expected}

@pytest.mark.hazard(4)
@pytest.mark.skipif({skipped}, reason="because")
def test_dose(): ...
"""


def run(root: Path, expected: int, *arguments: str, skipped: bool = False) -> str:
    text = CASES.format(expected=expected, skipped=skipped)
    plant(
        root,
        {
            "tests/test_kill.py": text,
            "tests/conftest.py": (ROOT / "tests/conftest.py").read_text(),
            "tests/fault_counts.py": (ROOT / "tests/fault_counts.py").read_text(),
            "scripts/needs.py": (ROOT / "scripts/needs.py").read_text(),
            "scripts/parts.py": (ROOT / "scripts/parts.py").read_text(),
            "core.ini": (ROOT / "scripts/core.ini").read_text() + "    fault: breaks\n",
        },
    )
    command = [sys.executable, "-m", "pytest", "-c", "core.ini", "--rootdir", ".", "tests", "-q"]
    without = ["-p", "no:django", "-p", "no:playwright", "-p", "no:randomly", "-p", "no:socket"]
    done = subprocess.run(
        [*command, *without, *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


def test_the_count_follows_the_option(tmp_path: Path) -> None:
    assert "2 passed" in run(tmp_path, 2)
    assert "2 passed" in run(tmp_path, 5, "--fault-count=middle")
    assert not (tmp_path / "docs").exists()


def test_a_full_run_leaves_dated_evidence_even_of_a_failure(tmp_path: Path) -> None:
    assert "2 passed" in run(tmp_path, 20, "--fault-count=full")
    page = (tmp_path / "docs/evidence/kill.md").read_text()
    assert "| test_kill | 20 | passed |" in page
    assert "cores" in page
    assert page.endswith("\n\n3 of 20 were late.\n")
    assert "1 failed" in run(tmp_path, 21, "--fault-count=full")
    assert "| test_kill | 20 | failed |" in (tmp_path / "docs/evidence/kill.md").read_text()


def test_a_skipped_test_of_a_hazard_fails(tmp_path: Path) -> None:
    said = run(tmp_path, 2, skipped=True)
    assert "1 passed, 1 error" in said
    assert "may not be skipped" in said
