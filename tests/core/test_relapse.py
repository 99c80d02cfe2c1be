"""A relapse unseen leaves somebody ill without help; one invented takes a good day as bad."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone import instruments, outcome
from kapstone.outcome import Reading, Relapse, Response

PHQ9 = instruments.load("phq9")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
NAMED = {"gain": Relapse.GAIN_LOST, "twice": Relapse.ILL_TWICE, "event": Relapse.EVENT}
TOTALS = st.integers(0, 27)
SERIES = st.lists(st.tuples(st.integers(1, 90), st.none() | TOTALS), max_size=6)


def on(day: float) -> datetime:
    return START + timedelta(days=day)


def spec() -> list[dict[str, str]]:
    with (Path(__file__).parents[1] / "spec" / "relapse.csv").open() as table:
        return list(csv.DictReader(table))


def readings(told: list[tuple[float, int | None]]) -> list[Reading]:
    return [Reading(on(day), total) for day, total in told]


@pytest.mark.hazard(10)
@pytest.mark.parametrize("row", spec(), ids=lambda row: f"{row['instrument']}: {row['why']}")
def test_a_relapse_is_what_the_table_says(row: dict[str, str]) -> None:
    pairs = (each.split(":") for each in row["readings"].split())
    since = readings([(float(day), int(total) if total else None) for day, total in pairs])
    found = outcome.relapse(
        instruments.load(row["instrument"]),
        int(row["baseline"]) if row["baseline"] else None,
        since[::-1],
        [on(float(day)) for day in row["events"].split()],
    )
    assert found == tuple(NAMED[each] for each in row["relapse"].split())


@given(st.none() | TOTALS, SERIES)
def test_nobody_relapses_who_was_never_well(baseline: int | None, told: list) -> None:
    since = readings(told)
    well = [
        each
        for each in since
        if outcome.compare(PHQ9, baseline, each.total).response is Response.FULL
        or outcome.compare(PHQ9, baseline, each.total).remission
    ]
    if not well or baseline is None:
        assert outcome.relapse(PHQ9, baseline, since, [on(100)]) == ()


@given(st.integers(1, 27), SERIES, TOTALS, TOTALS)
def test_a_worse_last_score_is_never_less_of_a_relapse(
    baseline: int, told: list, one: int, other: int
) -> None:
    better, worse = (
        set(outcome.relapse(PHQ9, baseline, readings([*told, (100, total)])))
        for total in sorted((one, other))
    )
    well = [outcome.compare(PHQ9, baseline, total) for _, total in told]
    if any(each.response is Response.FULL for each in well):
        assert better <= worse


@given(st.integers(1, 27), SERIES)
def test_a_missing_score_changes_nothing_that_is_said_of_the_next(
    baseline: int, told: list
) -> None:
    newest = (100, 20)
    with_gap = readings([*told, (95, None), newest])
    assert outcome.relapse(PHQ9, baseline, with_gap) == outcome.relapse(
        PHQ9, baseline, readings([*told, newest])
    )


def test_without_any_reading_nothing_is_said() -> None:
    assert outcome.relapse(PHQ9, 20, []) == ()
