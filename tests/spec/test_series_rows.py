"""The rows of a series against the draft they were carried in from."""

import csv
from pathlib import Path

import pytest

from kapstone import series

with (Path(__file__).parent / "series_rows.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
HELD = series.content()
# A row of the draft that stands as several here; TOX-URO1 has a mark of its own.
SPLIT = {"SER-02", "SER-07", "SER-10"}


def of(group: str) -> list[dict[str, str]]:
    return [row for row in ROWS if row["group"] == group]


def held() -> list[tuple[str, str, str]]:
    """Id, band and mark of every row of a series."""
    banded: tuple[series.Banded, ...] = (*HELD.spacing, *HELD.evaluations, *HELD.holds, *HELD.taper)
    named = [(row.id, row.band, row.mark) for row in banded]
    return named + [(row.id, "", row.mark) for row in HELD.remarks]


def test_every_row_of_the_draft_is_there_and_none_was_made_up() -> None:
    own = {"DEF-08"}  # of the draft's outcome definitions
    assert {row["id"] for row in of("series")} == {row_id for row_id, _, _ in held()} - own


@pytest.mark.parametrize("row", of("series"), ids=lambda row: f"{row['id']} {row['band']}")
def test_a_row_of_a_series_has_its_band_and_mark(row: dict[str, str]) -> None:
    found = [(band, mark) for row_id, band, mark in held() if row_id == row["id"]]
    if row["id"] in SPLIT:
        assert {mark for _, mark in found} <= {row["mark"], "S/P"}
        return
    assert (row["band"], row["mark"]) in found


def figures() -> dict[str, str]:
    """The figures of the rows in the words of the draft."""
    spacing = HELD.spacing[0]
    found = {
        "SER-01": f"doses_max {spacing.most_doses}; gap_hours_min {spacing.gap_h}; "
        f"gap_hours_never_below {spacing.never_h}"
    }
    for row in HELD.evaluations:
        percent = " to ".join(map(str, row.improvement_below_pct))
        after = " to ".join(map(str, row.after_doses))
        if row.id == "SER-04":
            found[row.key] = f"due_before_dose {row.before_dose_number}; due_day {row.day}"
        elif row.after_doses:
            found[row.key] = f"after_doses {after}; improvement_below_percent {percent}"
    return found


def test_the_figures_are_those_of_the_draft() -> None:
    wanted = {f"{row['id']} {row['band']}".strip(): row["figures"] for row in of("series")}
    assert figures() == {key: told for key, told in wanted.items() if told}
