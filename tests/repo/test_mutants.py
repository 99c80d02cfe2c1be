"""The changes that `make soak` tries on the core: each comparison and constant, nothing else."""

import ast
import importlib.util
import sys
from pathlib import Path

import pytest

from scripts import mutants

TEXT = '''
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


def test_each_comparison_and_constant_is_changed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "told.py").write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(mutants, "path_of", lambda module: tmp_path / f"{module}.py")
    found = list(mutants.mutants("told"))
    assert [each.what for each in found] == [
        "160 → 161",
        "'0.25' → '0.26'",
        "True → False",
        "LIMIT < told <= 300 → LIMIT <= told <= 300",
        "LIMIT < told <= 300 → LIMIT < told < 300",
        "300 → 301",
    ]
    assert len({ast.unparse(each.tree) for each in found}) == len(found)


def test_the_changed_module_is_the_one_that_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    mutant = next(each for each in mutants.mutants("limits") if each.line)
    monkeypatch.delitem(sys.modules, "kapstone.limits", raising=False)
    monkeypatch.setattr(sys, "meta_path", [mutants.Finder(mutant), *sys.meta_path])
    spec = importlib.util.find_spec("kapstone.limits")
    assert spec is not None
    assert isinstance(spec.loader, mutants.Changed)


def test_every_module_of_the_three_rooms_is_tried() -> None:
    named = mutants.modules()
    assert {"eligibility.evaluate", "dose.judging", "instruments.scoring"} <= set(named)
