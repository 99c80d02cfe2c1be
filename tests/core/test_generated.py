"""The pages in docs/generated say what the data says today."""

import runpy
import sys
from pathlib import Path

import pytest

from kapstone import generated

DOCS = Path(__file__).parents[2] / "docs" / "generated"


@pytest.mark.parametrize("name", generated.PAGES)
def test_a_page_is_what_its_data_makes(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == generated.PAGES[name]()


def test_the_pages_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["generated", str(tmp_path)])
    monkeypatch.delitem(sys.modules, "kapstone.generated")
    runpy.run_module("kapstone.generated", run_name="__main__")
    assert {path.name for path in tmp_path.iterdir()} == set(generated.PAGES)
