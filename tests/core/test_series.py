"""A series that goes on without help, too close or too often harms the person who hopes for it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone import series
from kapstone.findings import Finding, Severity
from kapstone.series import Course, Decided, Phase, Reading, Standing, State, Wanted
from kapstone.series.page import series_page

ZONE = ZoneInfo("America/New_York")
DAY0 = datetime(2026, 3, 2, 15, tzinfo=UTC)  # a Monday
NOT_HELPED, HELPED = Decimal("12.5"), Decimal("62.5")


def day(number: float) -> datetime:
    return DAY0 + timedelta(days=number)


def doses(count: int, every: float = 3) -> tuple[datetime, ...]:
    return tuple(day(every * number) for number in range(count))


def course(count: int, percent: Decimal | None = None, every: float = 3, **more: object) -> Course:
    """So many doses, and a score an hour after the last."""
    given_at = doses(count, every)
    readings = (Reading(given_at[-1] + timedelta(hours=1), percent),) if given_at else ()
    return Course(**{"doses": given_at, "readings": readings} | more)  # type: ignore[arg-type]


def of(found: tuple[Standing, ...], key: str) -> Standing:
    return next(each for each in found if each.row.key == key)


AFTER_4, AFTER_6 = "SER-05 after 4 doses", "SER-05 after 6 to 8 doses"


def blocked_by(told: Course, at: datetime) -> set[str]:
    return {each.row.key for each in series.standings(told, at) if each.blocks}


@pytest.mark.parametrize(
    ("count", "percent", "waits"),
    [
        (3, NOT_HELPED, set()),
        (4, NOT_HELPED, {AFTER_4}),
        (4, Decimal("24.9"), {AFTER_4}),
        (4, Decimal(25), set()),
        (4, None, {AFTER_4}),
        (5, HELPED, set()),
        (6, Decimal("49.9"), {AFTER_6, "SER-04"}),
        (6, Decimal(50), {"SER-04"}),
        (6, None, {AFTER_4, AFTER_6, "SER-04"}),
        (8, NOT_HELPED, {AFTER_4, AFTER_6, "SER-04"}),
    ],
)
def test_who_is_not_helped_is_decided_on_before_more_is_booked(count, percent, waits) -> None:
    told = course(count, percent)
    assert blocked_by(told, told.doses[-1] + timedelta(hours=2)) == waits


def test_a_score_from_before_the_dose_says_nothing_of_it() -> None:
    told = course(4, None, readings=(Reading(day(8), HELPED),))
    why = of(series.standings(told, day(10)), AFTER_4).why
    assert why.startswith("No score about the days since dose 4 alone")


def test_the_newest_score_counts_and_a_missing_one_does_not() -> None:
    readings = (Reading(day(10), HELPED), Reading(day(9.5), NOT_HELPED), Reading(day(11), None))
    found = of(series.standings(course(4, None, readings=readings), day(12)), AFTER_4)
    assert (found.state, found.why) == (State.NOTHING, "62.5 % better")


def test_a_decision_settles_it_until_the_next_number_of_doses() -> None:
    said = Decided(day(16), frozenset({AFTER_6, AFTER_4, "SER-04"}))
    six = course(6, NOT_HELPED, decisions=(said,))
    assert not blocked_by(six, day(17))
    assert of(series.standings(six, day(17)), "SER-04").state is State.DECIDED
    assert blocked_by(course(8, NOT_HELPED, decisions=(said,)), day(22)) == {AFTER_6}


def test_reassess_1_comes_before_dose_7_or_on_day_28() -> None:
    slow = course(2, HELPED, every=7)
    ahead = of(series.standings(slow, day(27.9)), "SER-04")
    assert (ahead.state, ahead.due_at, ahead.due_dose_number) == (State.AHEAD, day(28), 7)
    waits = of(series.standings(slow, day(28)), "SER-04")
    assert (waits.state, waits.why) == (State.WAITS, "Day 28 has come.")
    assert of(series.standings(course(6, HELPED), day(16)), "SER-04").why.endswith("number 7.")
    assert of(series.standings(Course(), DAY0), "SER-04").due_dose_number == 7


def test_close_doses_in_the_second_month_remind_and_block_nothing() -> None:
    done = (Decided(day(59), frozenset({"SER-04", AFTER_4, AFTER_6})),)
    close = of(series.standings(course(12, HELPED, every=5, decisions=done), day(60)), "SER-08")
    assert (close.state, close.blocks) == (State.WAITS, False)
    wide = course(8, HELPED, every=8, decisions=done)
    assert of(series.standings(wide, day(60)), "SER-08").state is State.NOTHING


def test_maintenance_has_a_clock_of_its_own() -> None:
    told = course(6, HELPED, maintenance_since=day(20))
    assert {each.row.key for each in series.standings(told, day(21))} == {
        "DEF-08",
        "SER-09 maintenance longer than 6 months",
    }
    assert of(series.standings(told, day(49)), "DEF-08").state is State.AHEAD
    month = of(series.standings(told, day(50)), "DEF-08")
    assert (month.state, month.blocks) == (State.WAITS, False)
    again = course(
        6, HELPED, maintenance_since=day(20), decisions=(Decided(day(51), frozenset({"DEF-08"})),)
    )
    assert of(series.standings(again, day(80)), "DEF-08").due_at == day(81)
    assert blocked_by(told, day(202)) == {"SER-09 maintenance longer than 6 months"}


def test_the_phases_of_a_series() -> None:
    assert series.phase(course(3)) is Phase.INDUCTION
    said = (Decided(day(20), frozenset({"SER-04"})),)
    assert series.phase(course(6, decisions=said)) is Phase.CONTINUATION
    assert series.phase(course(6, maintenance_since=day(20))) is Phase.MAINTENANCE


@pytest.mark.parametrize(
    ("given_since", "band"),
    [(0, "weekly"), (3, "weekly"), (4, "every 2 weeks"), (6, "every 3 to 4 weeks"), (40, None)],
)
def test_the_default_taper(given_since: int, band: str | None) -> None:
    told = Course(doses=doses(given_since, 7), maintenance_since=DAY0)
    step = series.taper_step(told)
    assert step is not None
    assert step.band == (band or "every 3 to 4 weeks")
    assert series.taper_step(course(3)) is None


def wanted(at: datetime, product: str = "RACEMIC", route: str = "IM") -> Wanted:
    return Wanted(product, route, at, ZONE)


def told(found: tuple[Finding, ...]) -> list[tuple[str, str | None]]:
    return [(str(each.severity), each.band) for each in found]


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        (23.9, [("ABSOLUTE", "SER-01: gap")]),
        (24, [("RELATIVE", "SER-01: gap")]),
        (47.9, [("RELATIVE", "SER-01: gap")]),
        (48, []),
    ],
)
def test_a_dose_too_soon_after_the_last(hours: float, found: list[object]) -> None:
    at = DAY0 + timedelta(hours=hours)
    assert told(series.booking(Course(doses=(DAY0,)), wanted(at))) == found


@pytest.mark.hazard(3)
def test_three_doses_in_seven_days_and_no_fourth_for_anybody() -> None:
    given_at = (day(0), day(2), day(4))
    found = series.booking(Course(doses=given_at), wanted(day(6)))
    assert ("ABSOLUTE", None) in told(found)
    assert not found[0].overridable
    assert told(series.booking(Course(doses=given_at), wanted(day(7)))) == []


@pytest.mark.parametrize(
    ("given_on", "on", "band"),
    [
        ((0,), 3, None),
        ((0, 3), 6, "SER-02 weeks 1 to 4: count"),
        ((0, 3, 28), 31, "SER-02 weeks 5 to 8: count"),
        ((0, 3, 28), 35, None),
        ((0, 56), 60, "SER-02 from week 9: count"),
    ],
)
def test_esketamine_by_the_weeks_of_its_label(given_on, on: int, band: str | None) -> None:
    told_so_far = Course(doses=tuple(map(day, given_on)))
    found = series.booking(told_so_far, wanted(day(on), "ESKETAMINE", "IN"))
    assert [each.band for each in found] == ([band] if band else [])
    assert all(each.overridable for each in found)


def test_a_ninth_dose_needs_a_reason_until_maintenance() -> None:
    eight = course(8, every=4)
    assert told(series.booking(eight, wanted(day(40)))) == [("RELATIVE", "SER-01: doses")]
    kept = course(8, every=4, maintenance_since=day(30))
    assert series.booking(kept, wanted(day(40))) == ()


def test_a_first_dose_and_a_route_without_a_row_are_free() -> None:
    assert series.booking(Course(), wanted(DAY0)) == ()
    assert series.booking(course(1), wanted(day(0.5), "RACEMIC", "SL")) == ()
    assert series.booking(course(1), wanted(day(-5))) == ()


def _found(code: str, severity: Severity) -> Finding:
    return Finding(code, severity, "said")


def test_what_holds_a_series() -> None:
    keys = lambda *a, **k: {each.band for each in series.held(*a, **k)}  # noqa: E731 - a test
    assert keys([_found("SCR-001", Severity.RELATIVE)]) == set()
    assert keys([_found("SCR-001", Severity.ABSOLUTE)]) == {"a screening finding that stops"}
    assert keys([_found("TOX-LFT", Severity.RELATIVE)]) == {"liver"}
    assert keys([_found("TOX-SUD", Severity.RELATIVE)]) == {"dependence"}
    both = keys([_found("SCR-012", Severity.ABSOLUTE)])
    assert both == {"a screening finding that stops", "mania"}
    said = ("suicide tier up", "urinary symptoms at two visits running")
    assert keys([], said) == {"suicide screener worse", "bladder"}
    assert keys([], said, decided={"SER-10 bladder"}) == {"suicide screener worse"}


AT = st.floats(0, 120).map(day)
GIVEN = st.lists(AT, max_size=14, unique=True).map(lambda days: tuple(sorted(days)))
READ = st.lists(
    st.builds(
        Reading, AT, st.none() | st.decimals(-50, 100, places=1), st.sampled_from((0, 7, 14))
    ),
    max_size=6,
).map(tuple)


@given(GIVEN, READ, AT, AT)
def test_time_alone_never_unblocks(given_at, readings, one, other) -> None:
    """Only a score or a prescriber lifts what waits; a day that passes never does."""
    early, late = sorted((one, other))
    told_so_far = Course(doses=given_at, readings=readings)
    assert blocked_by(told_so_far, early) <= blocked_by(told_so_far, late)


@given(GIVEN, READ, AT)
def test_a_decision_on_everything_that_waits_lifts_it_all_and_nothing_else(
    given_at, readings, at
) -> None:
    before = Course(doses=tuple(each for each in given_at if each <= at), readings=readings)
    waiting = frozenset(blocked_by(before, at))
    decided = Course(doses=before.doses, readings=readings, decisions=(Decided(at, waiting),))
    assert not blocked_by(decided, at)
    for key in waiting:
        rest = Course(
            doses=before.doses, readings=readings, decisions=(Decided(at, waiting - {key}),)
        )
        assert blocked_by(rest, at) == {key}


@given(GIVEN, AT)
def test_another_dose_never_makes_a_booking_freer(given_at, at) -> None:
    more = Course(doses=given_at)
    for gone in range(1, len(given_at)):
        fewer = Course(doses=given_at[:gone] + given_at[gone + 1 :])
        hard = [each.severity for each in series.booking(more, wanted(at))]
        soft = [each.severity for each in series.booking(fewer, wanted(at))]
        assert hard.count(Severity.ABSOLUTE) >= soft.count(Severity.ABSOLUTE)
        assert len(hard) >= len(soft)


@given(GIVEN, st.floats(0, 120).map(day))
def test_nobody_books_a_fourth_dose_of_a_week(given_at, at) -> None:
    on = at.astimezone(ZONE).date()
    close = [each for each in given_at if 0 <= (on - each.astimezone(ZONE).date()).days < 7]
    found = series.booking(Course(doses=given_at), wanted(at))
    refused = ("ABSOLUTE", None) in told(found)
    assert refused == (len(close) >= 3)


def test_a_clinician_can_read_the_rows() -> None:
    page = series_page()
    for words in ("under 48 h", "after 6 and 8 doses, less than 50 % better", "day 182 of maint"):
        assert words in page
