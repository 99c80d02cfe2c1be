"""Something asked on the wrong day, twice, or of nobody at all is a person not looked after."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone.errors import InvalidInput
from kapstone.schedule import Anchor, Course, Dose, Item, Row, Way, Wish, content, items
from kapstone.schedule.clock import ASKED_ANYWAY, ENDED, NEW_DOSE
from kapstone.schedule.rows import Offset

ROWS = content().rows
NEW_YORK = ZoneInfo("America/New_York")
ZONES = [
    NEW_YORK,
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("Australia/Lord_Howe"),  # half an hour of daylight saving
    ZoneInfo("America/Santiago"),  # midnight itself is left out
    ZoneInfo("Pacific/Kiritimati"),  # 14 hours ahead
]
REFERRED = datetime(2026, 1, 5, 15, tzinfo=UTC)
EARLIEST, LATEST = datetime(2026, 1, 6), datetime(2027, 12, 31)  # noqa: DTZ001 - the zone is below
MOMENTS = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))


def course(*doses: datetime, **told: object) -> Course:
    """A course with these doses, in New York unless said otherwise."""
    given_doses = tuple(Dose(str(number), at) for number, at in enumerate(doses, 1))
    known: dict[str, object] = {"zone": NEW_YORK, "referred_at": REFERRED, "doses": given_doses}
    return Course(**(known | told))  # type: ignore[arg-type]  # the fields by name


def due(of: Course, row: str, now: datetime = REFERRED) -> list[Item]:
    """The items of a row, one for each anchor."""
    found = [item for item in items(ROWS, of, now) if item.kept.row == row]
    return [item for item in found if item.kept.ask in ("phq9", "check_in")]


def local(*parts: int) -> datetime:
    """A wall-clock time in New York."""
    return datetime(*parts, tzinfo=NEW_YORK)  # type: ignore[arg-type, misc]  # the parts in order


@pytest.mark.hazard(16)
@pytest.mark.parametrize(
    ("dose", "check", "day_7"),
    [
        (local(2026, 6, 1, 14), local(2026, 6, 2, 14), local(2026, 6, 8, 9)),
        # The night that clocks go forward: 24 hours later is an hour later on the wall.
        (local(2026, 3, 7, 20), local(2026, 3, 8, 21), local(2026, 3, 14, 9)),
        (local(2026, 3, 8, 1, 30), local(2026, 3, 9, 2, 30), local(2026, 3, 15, 9)),
        # The night that they go back.
        (local(2026, 10, 31, 20), local(2026, 11, 1, 19), local(2026, 11, 7, 9)),
        # Ten at night is the next day already for a clock in UTC, not for the person.
        (local(2026, 6, 1, 22), local(2026, 6, 2, 22), local(2026, 6, 8, 9)),
    ],
)
def test_hours_are_elapsed_and_days_are_the_persons_own(
    dose: datetime, check: datetime, day_7: datetime
) -> None:
    found = course(dose)
    assert [item.due_at for item in due(found, "OUT-24")] == [check.astimezone(UTC)]
    assert [item.due_at for item in due(found, "OUT-7D")] == [day_7.astimezone(UTC)]
    (seventh,) = due(found, "OUT-7D")
    assert seventh.closes_at is not None
    assert seventh.closes_at.astimezone(NEW_YORK).strftime("%H:%M") == "00:00"


@pytest.mark.hazard(16)
def test_an_hour_that_the_clocks_leave_out_is_taken_as_before_the_change() -> None:
    at_two = Offset(days=1, at_h=2)
    assert at_two.after(local(2026, 3, 7, 12), NEW_YORK) == local(2026, 3, 8, 3).astimezone(UTC)


def test_a_new_dose_stands_for_what_was_not_yet_due_of_the_last() -> None:
    first, second = local(2026, 6, 1, 10), local(2026, 6, 4, 12)
    found = course(first, second)
    assert [item.void_since for item in due(found, "OUT-24")] == [None, None]
    assert [item.void_since for item in due(found, "OUT-72")] == [None, None]
    assert [item.why for item in due(found, "OUT-7D")] == [NEW_DOSE, ""]
    assert due(found, "OUT-7D")[0].void_since == second.astimezone(UTC)


def test_two_doses_on_one_day_call_for_one_check_in_a_day_after_the_second() -> None:
    found = due(course(local(2026, 6, 1, 9), local(2026, 6, 1, 15)), "OUT-24")
    assert [item.why for item in found] == [NEW_DOSE, ""]
    assert found[1].due_at == local(2026, 6, 2, 15).astimezone(UTC)


def test_the_baseline_is_open_until_the_first_dose_and_counts_from_a_week_before() -> None:
    (open_ended,) = due(course(), "OUT-00")
    week = timedelta(days=7)
    assert (open_ended.opens_at, open_ended.due_at) == (REFERRED - week, REFERRED)
    assert open_ended.closes_at is None
    dose = REFERRED + timedelta(days=30)
    (closed,) = due(course(dose), "OUT-00")
    assert (closed.opens_at, closed.closes_at) == (dose - week, dose)
    (soon,) = due(course(REFERRED + timedelta(days=2)), "OUT-00")
    assert (soon.opens_at, soon.due_at) == (REFERRED - timedelta(days=5), REFERRED)
    (never,) = due(course(REFERRED - timedelta(hours=1)), "OUT-00")
    assert never.void_since is not None


def test_maintenance_asks_each_month_on_its_day_or_the_months_last() -> None:
    since = course(maintenance_since=local(2026, 11, 30, 18))
    assert due(course(), "OUT-M") == []
    assert due(since, "OUT-M", local(2026, 12, 30, 8)) == []
    found = due(since, "OUT-M", local(2027, 3, 1, 12))
    assert [item.kept.anchor for item in found] == ["2026-12-30", "2027-01-30", "2027-02-28"]
    assert found[0].due_at == local(2026, 12, 30, 9).astimezone(UTC)


def moments(of: Course, now: datetime) -> list[tuple[str, str]]:
    """The wished days, each with why it is not asked."""
    found = [item for item in items(ROWS, of, now) if item.kept.row == "MOM-DAY"]
    return [(item.kept.anchor, item.why) for item in found]


def test_a_wish_is_asked_each_day_at_its_hour_through_both_changes_of_the_clocks() -> None:
    for first, until in (
        (local(2026, 3, 7, 16), local(2026, 3, 10, 17)),
        (local(2026, 10, 31, 18), local(2026, 11, 3, 17)),
    ):
        found = course(wishes=(Wish(first, until),))
        now = local(2026, 12, 31, 12)
        due_at = [item.due_at for item in items(ROWS, found, now) if item.kept.row == "MOM-DAY"]
        assert {at.astimezone(NEW_YORK).strftime("%H:%M") for at in due_at} == {"17:00"}


def test_a_wish_asks_from_the_next_hour_of_asking_until_it_ends() -> None:
    wish = Wish(local(2026, 6, 1, 17, 30), local(2026, 6, 4, 16))
    found = course(wishes=(wish, Wish(local(2026, 6, 4, 16, 30))))
    assert moments(found, local(2026, 6, 3, 16)) == [("2026-06-02", "")]
    days = [day for day, _ in moments(found, local(2026, 6, 5, 18))]
    assert days == ["2026-06-02", "2026-06-03", "2026-06-04", "2026-06-05"]


def test_on_a_day_that_a_dose_asks_the_same_the_wish_stands_back() -> None:
    found = course(local(2026, 6, 2, 10), wishes=(Wish(local(2026, 6, 1, 9)),))
    assert moments(found, local(2026, 6, 6, 18)) == [
        ("2026-06-01", ""),
        ("2026-06-02", ASKED_ANYWAY),
        ("2026-06-03", ASKED_ANYWAY),
        ("2026-06-04", ""),
        ("2026-06-05", ASKED_ANYWAY),
        ("2026-06-06", ""),
    ]


@pytest.mark.parametrize(
    ("anchor", "planned", "expected"),
    [
        (Anchor.FIRST_DOSE, None, ["1"]),
        (Anchor.LAST_INDUCTION_DOSE, 2, ["2"]),
        (Anchor.LAST_INDUCTION_DOSE, 4, []),
        (Anchor.LAST_INDUCTION_DOSE, None, []),
    ],
)
def test_a_row_may_count_from_one_dose_alone(
    anchor: Anchor, planned: int | None, expected: list[str]
) -> None:
    row = Row(
        id="X", title="x", ask=("phq9",), way=Way.LINK, relative_to=anchor,
        opens=Offset(1), due=Offset(2), closes=Offset(3), source=("none",), mark="P",
    )  # fmt: skip
    found = course(*(local(2026, 6, day, 10) for day in (1, 4, 8)), induction_doses=planned)
    assert [item.kept.anchor for item in items([row], found, REFERRED)] == expected


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no time zone"):
        items(ROWS, course(EARLIEST), REFERRED)


def wishes(said: list[datetime]) -> tuple[Wish, ...]:
    """A wish, its end, a wish again and so on, at these moments."""
    in_order = [*sorted(said), None]
    return tuple(
        Wish(since, until)
        for since, until in zip(in_order[::2], in_order[1::2], strict=False)
        if since
    )


courses = st.builds(
    lambda zone, doses, planned, since, end, said: course(
        *doses, zone=zone, induction_doses=planned, maintenance_since=since, ended_at=end,
        wishes=wishes(said),
    ),
    st.sampled_from(ZONES),
    st.lists(MOMENTS, max_size=8),
    st.none() | st.integers(1, 8),
    st.none() | MOMENTS,
    st.none() | MOMENTS,
    st.lists(MOMENTS, max_size=4, unique=True),
)  # fmt: skip


@given(courses, MOMENTS)
def test_nothing_is_due_before_its_dose_and_every_window_is_a_window(
    found: Course, now: datetime
) -> None:
    given_at = {dose.key: dose.at for dose in found.doses}
    for item in items(ROWS, found, now):
        assert item.opens_at <= item.due_at
        assert item.closes_at is None or item.due_at < item.closes_at
        if item.kept.anchor in given_at:
            assert item.opens_at > given_at[item.kept.anchor]


@given(courses, MOMENTS)
def test_each_thing_is_asked_once(found: Course, now: datetime) -> None:
    assert max(Counter(item.kept for item in items(ROWS, found, now)).values()) == 1


@given(courses, MOMENTS, st.randoms())
def test_the_order_in_which_doses_are_told_changes_nothing(
    found: Course, now: datetime, luck: Random
) -> None:
    told = list(found.doses)
    luck.shuffle(told)
    one, other = found, replace(found, doses=tuple(told))
    if len({dose.at for dose in told}) == len(told):  # which of two at one moment is first is open
        assert items(ROWS, one, now) == items(ROWS, other, now)


@given(courses, MOMENTS)
def test_of_doses_close_together_only_the_last_keeps_what_is_reset(
    found: Course, now: datetime
) -> None:
    all_at = sorted(dose.at for dose in found.doses)
    given_at = {dose.key: dose.at for dose in found.doses}
    for item in items(ROWS, replace(found, ended_at=None), now):
        row = content().row(item.kept.row)
        if row.reset_by_dose:
            between = [at for at in all_at if given_at[item.kept.anchor] < at < item.due_at]
            assert item.void_since == (between[0] if between else None)


@given(courses, MOMENTS)
def test_after_an_end_nothing_is_asked(found: Course, end: datetime) -> None:
    for item in items(ROWS, replace(found, ended_at=end), end):
        closed = item.closes_at is not None and item.closes_at <= end
        assert closed or (
            item.void_since is not None and item.void_since <= max(end, item.opens_at)
        )
        assert item.why != ENDED or item.void_since == end


def test_the_rows_can_be_asked() -> None:
    from kapstone import instruments

    for row in ROWS:
        assert set(row.ask) <= {"check_in", *instruments.ids()}
        assert (row.every_months > 0) == (row.relative_to is Anchor.CALENDAR)
        assert set(row.source) <= set(content().sources)
