"""A schedule for the tests of quiet hours."""

from dataclasses import replace

import pytest

from kapstone import schedule


@pytest.fixture
def evening(monkeypatch: pytest.MonkeyPatch) -> None:
    """A schedule with one link four hours after the dose, open for three."""
    rows = schedule.content().rows
    link = next(row for row in rows if row.id == "OUT-7D")
    hours = {name: schedule.rows.Offset(hours=n) for name, n in (("opens", 4), ("due", 5))}  # type: ignore[attr-defined]
    short = schedule.rows.Offset(hours=7)  # type: ignore[attr-defined]
    soon = replace(link, id="OUT-4H", title="That evening", closes=short, **hours)
    found = replace(schedule.content(), rows=(*rows, soon))
    monkeypatch.setattr(schedule, "content", lambda: found)
