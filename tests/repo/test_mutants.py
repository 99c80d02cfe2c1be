"""The changes that `make soak` tries on the core: each comparison and constant, nothing else."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import changed, mutants, reach
from scripts.changes import Mutant
from scripts.changes import mutants as changes_of
from tests.repo.tree import ROOT

CODE = '''
"""A docstring of 3."""
from dataclasses import dataclass
LIMIT = 160
SHARE = "0.25"
@dataclass(frozen=True)
class Row:
    wide: bool = True
def over(told: "int", words: str = "fine") -> bool:
    return LIMIT < told <= 300
'''
TABLE = """
version = "0.2"  # of 2026
[sources]
GLP24 = "Five societies, 2024"
[[rule]]
id = "SCR-005"
when = "any(sbp >= 180) AND dx.q2.current is not FALSE"
mg = "12.5"
least = { mg = 1.0 }
"""


def tried(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    found = list(changes_of(path))
    assert len({mutant.text for mutant in found} - {text}) == len(found)
    return [mutant.what.partition(" in ")[0] for mutant in found]


def test_each_comparison_and_constant_of_code_is_changed(tmp_path: Path) -> None:
    assert tried(tmp_path / "told.py", CODE) == [
        *("160 → 161", "160 → 159", "'0.25' → '0.26'", "'0.25' → '0.24'", "True → False"),
        "LIMIT < told <= 300 → LIMIT <= told <= 300",
        "LIMIT < told <= 300 → LIMIT < told < 300",
        *("300 → 301", "300 → 299"),
    ]


def test_each_figure_and_comparison_of_a_table_is_changed(tmp_path: Path) -> None:
    assert tried(tmp_path / "told.toml", TABLE) == [
        *(">= → >", "180 → 181", "180 → 179", "is not → is"),
        *("12.5 → 12.6", "12.5 → 12.4", "1.0 → 1.1", "1.0 → 0.9"),
    ]
    written = '{"version": "1", "label": "2-4", "loinc": "LA32-8", "range": [0, 27]}'
    assert tried(tmp_path / "told-1.json", written) == [
        "0 → 1", "0 → -1", "27 → 28", "27 → 26"
    ]  # fmt: skip


def test_a_change_is_found_by_the_row_that_it_stands_in(tmp_path: Path) -> None:
    (tmp_path / "told.toml").write_text(TABLE, encoding="utf-8")
    (tmp_path / "phq9-2.json").write_text('{"to": 3}', encoding="utf-8")
    names = ("told.toml", "phq9-2.json")
    found = [mutant.row for name in names for mutant in changes_of(tmp_path / name)]
    assert set(found) == {"SCR-005", "phq9"}


def test_the_changed_module_is_the_one_that_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    mutant = next(changes_of(mutants.CORE / "limits.py"))
    monkeypatch.delitem(sys.modules, "kapstone.limits", raising=False)
    monkeypatch.setattr(sys, "meta_path", [changed.Finder(mutant), *sys.meta_path])
    spec = importlib.util.find_spec("kapstone.limits")
    assert spec is not None
    assert isinstance(spec.loader, changed.Changed)


def test_the_changed_table_is_the_one_that_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_text", Path.read_text)  # put back afterwards
    path = mutants.CORE / "dose" / "content.toml"
    changed.change(Mutant(path, 1, "all of it", "nothing = true"))
    assert path.read_text(encoding="utf-8") == "nothing = true"
    assert "nothing = true" not in path.with_name("treatment.toml").read_text(encoding="utf-8")


def test_every_module_and_table_of_the_three_rooms_is_tried() -> None:
    names = {path.relative_to(mutants.CORE).as_posix() for path in mutants.paths([])}
    assert {"eligibility/evaluate.py", "dose/judging.py", "instruments/scoring.py"} <= names
    assert {"eligibility/content/screening.toml", "instruments/data/phq9-1.json"} <= names


def test_every_room_has_tests_and_every_copy_is_one_of_them() -> None:
    found = {path for room in mutants.ROOMS for path in reach.files(room)}
    told = "".join((ROOT / path).read_text(encoding="utf-8") for path in found)
    assert all(f"def {name}(" in told for name in reach.COPIES)


def test_a_change_that_a_person_would_feel_is_noticed_and_one_that_nobody_reads_is_not(
    tmp_path: Path,
) -> None:
    """The whole way, on a limit that tests hold and on one whose tests are left out."""
    script = (
        "import os, sys\nfrom scripts import mutants as m, reach\n"
        "reach.TESTS = {'dose': ('tests/core/test_dose_entry.py',)}\n"
        "tried = [next(m.mutants(m.CORE / f'dose/{n}.py')) for n in ('allowed', 'entry')]\n"
        "rooms = m.ready(['dose'], reach=True)\n"
        "print(*(t.path.stem for t in m.unnoticed(tried, rooms, 1)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True,
                          env={"PYTHONPATH": "src", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
                          timeout=120, check=False)  # fmt: skip
    assert done.stdout == "allowed\n", done.stderr
