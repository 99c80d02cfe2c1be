"""A change misread keeps a person on a treatment that fails them, or takes away one that helps."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone import instruments, outcome
from kapstone.outcome import Reading, Response, Shift, Worsening
from kapstone.risk import Tier

SPEC = Path(__file__).parents[1] / "spec"
PHQ9 = instruments.load("phq9")
GAD7 = instruments.load("gad7")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
TOTALS = st.integers(0, 27)


def spec() -> list[dict[str, str]]:
    with (SPEC / "change.csv").open() as table:
        return list(csv.DictReader(table))


def number(text: str) -> int | None:
    return int(text) if text else None


def reading(
    day: float, total: int | None = None, watched: int | None = None, tier: Tier | None = None
) -> Reading:
    return Reading(START + timedelta(days=day), total, watched, tier)


@pytest.mark.parametrize("row", spec(), ids=lambda row: f"{row['instrument']}: {row['why']}")
def test_a_change_is_judged_as_the_table_says(row: dict[str, str]) -> None:
    change = outcome.compare(
        instruments.load(row["instrument"]), number(row["baseline"]), number(row["current"])
    )
    assert change.points == number(row["points"])
    assert (
        str(change.reduction_pct if change.reduction_pct is not None else "")
        == row["reduction_pct"]
    )
    assert change.response == row["response"]
    assert {True: "yes", False: "no", None: ""}[change.remission] == row["remission"]
    assert change.reliable == row["reliable"]
    assert change.important == row["important"]


@given(st.none() | TOTALS, st.none() | TOTALS)
def test_a_missing_score_is_missing_everywhere(baseline: int | None, current: int | None) -> None:
    change = outcome.compare(PHQ9, baseline, current)
    absent = baseline is None or current is None
    assert (change.points is None) == absent
    assert (change.reliable is Shift.MISSING) == absent
    assert (change.important is Shift.MISSING) == absent
    assert (change.remission is None) == (current is None)
    if absent:
        assert change.response is Response.MISSING
        assert change.reduction_pct is None


@given(st.integers(1, 27), TOTALS, TOTALS)
def test_a_lower_score_is_never_judged_a_lesser_response(
    baseline: int, one: int, other: int
) -> None:
    order = [Response.NONE, Response.PARTIAL, Response.FULL]
    low, high = (
        order.index(outcome.compare(PHQ9, baseline, each).response) for each in sorted((one, other))
    )
    assert low >= high


@pytest.mark.hazard(10)
@pytest.mark.parametrize(
    ("baseline", "since", "expected"),
    [
        (reading(0, 10), [], []),
        (reading(0, 10), [reading(7, 14)], []),
        (reading(0, 10), [reading(7, 15)], [Worsening.POINTS]),
        (reading(0, 10), [reading(7, 15), reading(14, 10)], []),
        (reading(0, None), [reading(7, 27)], []),
        (reading(0, 10), [reading(7, None)], []),
        (reading(0, 10), [reading(4, 12), reading(7, 12)], [Worsening.PERCENT_TWICE]),
        (reading(0, 10), [reading(4, 12), reading(6.9, 12)], []),
        (reading(0, 10), [reading(4, 11), reading(7, 12)], []),
        (reading(0, 10), [reading(4, 12), reading(7, None)], []),
        (reading(0, 0), [reading(4, 1), reading(7, 1)], []),
        (reading(0, watched=0), [reading(7, watched=1)], [Worsening.WATCHED_ITEM]),
        (reading(0, watched=2), [reading(7, watched=2)], []),
        (
            reading(0, watched=2),
            [reading(7, watched=0), reading(14, watched=1)],
            [Worsening.WATCHED_ITEM],
        ),
        (
            reading(0, watched=0),
            [reading(7, watched=2), reading(14, watched=1)],
            [Worsening.WATCHED_ITEM],
        ),
        (reading(0, watched=1), [reading(7), reading(14, watched=2)], [Worsening.WATCHED_ITEM]),
        (reading(0), [reading(7, watched=1), reading(14, watched=1)], []),
        (reading(0), [reading(7, watched=1)], []),
        (reading(0, watched=0), [reading(7)], []),
        (reading(0, tier=Tier.NONE), [reading(7, tier=Tier.LOW)], [Worsening.SUICIDE_TIER]),
        (reading(0, tier=Tier.HIGH), [reading(7, tier=Tier.LOW)], []),
        (reading(0, tier=Tier.LOW), [reading(7, tier=Tier.UNKNOWN)], []),
        (
            reading(0, 10, 0, Tier.LOW),
            [reading(7, 20, 1, Tier.HIGH)],
            [Worsening.POINTS, Worsening.WATCHED_ITEM, Worsening.SUICIDE_TIER],
        ),
    ],
)
def test_worsening_is_seen(
    baseline: Reading, since: list[Reading], expected: list[Worsening]
) -> None:
    assert list(outcome.worsening(PHQ9, baseline, since)) == expected
    assert list(outcome.worsening(PHQ9, baseline, since[::-1])) == expected


def test_a_scale_without_a_limit_in_points_uses_the_others() -> None:
    baseline, since = reading(0, 10), [reading(4, 18), reading(8, 18)]
    assert outcome.worsening(GAD7, baseline, since) == (Worsening.PERCENT_TWICE,)


@given(st.integers(1, 27), TOTALS)
def test_a_total_is_a_response_up_to_the_highest_that_is_one(baseline: int, total: int) -> None:
    highest = outcome.response_total_at_most(PHQ9, baseline)
    assert highest is not None
    responded = outcome.compare(PHQ9, baseline, total).response is Response.FULL
    assert responded == (total <= highest)


@pytest.mark.parametrize("baseline", [0, None])
def test_without_a_baseline_nothing_is_a_response(baseline: int | None) -> None:
    assert outcome.response_total_at_most(PHQ9, baseline) is None


@pytest.mark.parametrize(
    ("days", "reaches"), [(-1, False), (0, True), (13.99, True), (14, False), (90, False)]
)
def test_a_recall_of_14_days_reaches_before_a_dose_for_14_days(days: float, reaches: bool) -> None:
    assert outcome.reaches_before(PHQ9, START + timedelta(days=days), START) is reaches


def test_a_version_that_does_not_say_its_recall_reaches_nowhere() -> None:
    first = instruments.load("phq9", "1")
    assert not outcome.reaches_before(first, START + timedelta(days=1), START)


def test_a_scale_on_which_higher_is_better_is_judged_the_other_way() -> None:
    who5 = instruments.load("who5")
    better = outcome.compare(who5, 28, 52)
    assert (better.reliable, better.important) == (Shift.IMPROVED, Shift.IMPROVED)
    assert (better.points, better.reduction_pct) == (24, Decimal("85.7"))
    assert (better.remission, better.response) == (True, Response.MISSING)
    worse = outcome.compare(who5, 52, 40)
    assert (worse.reliable, worse.remission) == (Shift.WORSE, False)
    assert outcome.response_total_at_most(who5, 28) is None
    at = datetime(2026, 3, 1, tzinfo=UTC)
    fallen = [Reading(at + timedelta(days=day), total=40) for day in (1, 5)]
    assert outcome.worsening(who5, Reading(at, total=52), fallen) == (Worsening.PERCENT_TWICE,)


@pytest.mark.parametrize(
    ("baseline", "current", "response"),
    [(20, 12, Response.FULL), (20, 13, Response.NONE), (5, 0, Response.NONE)],
)
def test_a_response_in_points_is_a_fall_of_so_many(
    baseline: int, current: int, response: Response
) -> None:
    assert outcome.compare(instruments.load("isi"), baseline, current).response is response


def test_the_highest_response_follows_the_scale() -> None:
    isi, peg, cgi = (instruments.load(each) for each in ("isi", "peg", "cgi"))
    assert outcome.response_total_at_most(isi, 20) == 12
    assert outcome.response_total_at_most(isi, 7) is None
    assert outcome.response_total_at_most(peg, Decimal("6.7")) == Decimal("4.6")
    assert outcome.response_total_at_most(cgi, 5) is None


def test_a_scale_without_thresholds_gives_no_verdict() -> None:
    change = outcome.compare(instruments.load("cgi"), 5, 2)
    assert (change.points, change.remission) == (-3, None)
    assert {change.reliable, change.important} == {Shift.MISSING}
    assert change.response is Response.MISSING


def test_an_importance_given_in_percent_alone_is_not_taken_for_points() -> None:
    qids = instruments.load("qids_sr16")
    assert outcome.compare(qids, 27, 0).important is Shift.MISSING
