"""The pages in docs/generated say what the data says today."""

from pathlib import Path

import pytest

from kapstone import generated

DOCS = Path(__file__).parents[2] / "docs" / "generated"


@pytest.mark.parametrize("name", generated.PAGES)
def test_a_page_is_what_its_data_makes(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == generated.PAGES[name]()


def test_the_pages_are_written(tmp_path: Path) -> None:
    generated.main(str(tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == set(generated.PAGES)
