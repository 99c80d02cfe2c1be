"""The lines of the day against the draft they came from: none is lost or made lighter."""

import csv
from pathlib import Path

import pytest

from clinic.dosing import checklist, readiness
from clinic.dosing.kinds import CONSENT_ITEM
from tests.clinic.dosing.scene import Scene, after

DRAFTED = Path(__file__).parents[2] / "spec" / "day_rows.csv"
COMPUTED = {"DAY-08", CONSENT_ITEM, "ORDER", "DOS-W2"}


def test_the_lines_of_the_day_are_those_of_the_draft() -> None:
    with DRAFTED.open(encoding="utf-8", newline="") as file:
        drafted = [row for row in csv.DictReader(file) if row["where"] == "charted"]
    held = [
        {
            "id": row["id"],
            "product": row.get("product", ""),
            "required": "yes" if row["required"] else "no",
            "mark": row["mark"],
            "where": "charted",
        }
        for row in checklist.rows()
    ]
    assert held == drafted


def test_what_the_draft_has_and_nobody_charts_is_computed(im: Scene) -> None:
    found = {one.id for one in readiness.judge(im.session, after(0)).items if not one.chartable}
    assert found >= COMPUTED


@pytest.mark.hazard(13)
def test_no_dose_while_nobody_looked_at_the_vial(im: Scene) -> None:
    """Else a drug past its date, or one that nobody will account for, is given."""
    im.prepare()
    assert readiness.judge(im.session, after(15)).ready
    im.chart("checked", after(15), item="DAY-15", result="FAIL")
    assert [one.id for one in readiness.judge(im.session, after(16)).lacking] == ["DAY-15"]
