"""A tutorial that no longer runs, or shows other figures than it gives, teaches what is not so."""

from pathlib import Path

from scripts import notebook

ROOT = Path(__file__).parents[3]


def test_the_tutorial_runs_and_prints_what_stands_in_it() -> None:
    assert (ROOT / notebook.TUTORIAL).read_text(encoding="utf-8") == notebook.executed(ROOT)
