"""A reminder at three in the morning is no help; one that is never sent is counted missed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone.errors import InvalidInput
from kapstone.schedule.quiet import BY_DEFAULT, Quiet

NAMES = ("America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "Asia/Kathmandu")
ZONES = [ZoneInfo(name) for name in NAMES]
NEW_YORK = ZONES[0]
MINUTES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
QUIET = st.tuples(MINUTES, MINUTES).filter(lambda ends: ends[0] != ends[1]).map(lambda e: Quiet(*e))
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 366 * 24 * 3600).map(lambda second: YEAR + timedelta(seconds=second))
# The nights on which clocks change in each zone, so that they are tried often and not by chance.
NIGHTS = [datetime(2026, 3, 8, 6, tzinfo=UTC), datetime(2026, 11, 1, 5, tzinfo=UTC),
          datetime(2026, 3, 29, 0, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=UTC),
          datetime(2026, 4, 4, 14, tzinfo=UTC), datetime(2026, 10, 3, 15, tzinfo=UTC)]  # fmt: skip
NEAR = st.builds(
    lambda night, minutes, seconds: night + timedelta(minutes=minutes, seconds=seconds),
    st.sampled_from(NIGHTS), st.integers(-240, 300), st.integers(0, 59),
)  # fmt: skip


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"),
    [(20, 59, False), (21, 0, True), (23, 59, True), (0, 0, True), (7, 59, True), (8, 0, False),
     (12, 0, False)],
)  # fmt: skip
def test_from_nine_to_eight_by_the_persons_own_clock(hour: int, minute: int, quiet: bool) -> None:
    at = datetime(2026, 3, 4, hour, minute, tzinfo=NEW_YORK)
    assert BY_DEFAULT.holds(at, NEW_YORK) is quiet
    assert BY_DEFAULT.holds(at.astimezone(UTC), NEW_YORK) is quiet


def test_hours_within_one_day() -> None:
    nap = Quiet(time(13), time(15))
    assert nap.holds(datetime(2026, 3, 4, 14, tzinfo=NEW_YORK), NEW_YORK)
    assert not nap.holds(datetime(2026, 3, 4, 15, tzinfo=NEW_YORK), NEW_YORK)


@given(QUIET, st.sampled_from(ZONES), MOMENTS | NEAR)
def test_what_waits_leaves_outside_them_and_as_soon_as_it_can(
    quiet: Quiet, zone: ZoneInfo, at: datetime
) -> None:
    leaves = quiet.over_at(at, zone)
    assert leaves >= at
    assert not quiet.holds(leaves, zone)
    assert leaves - at < timedelta(hours=26)
    before = leaves - timedelta(minutes=1)
    assert leaves == at or before < at or quiet.holds(before, zone)


@given(QUIET, st.sampled_from(ZONES), MOMENTS | NEAR, st.integers(1, 3 * 24 * 60))
def test_a_window_is_covered_exactly_where_no_minute_of_it_is_free(
    quiet: Quiet, zone: ZoneInfo, opens: datetime, length: int
) -> None:
    opens = opens.replace(second=0, microsecond=0)
    closes = opens + timedelta(minutes=length)
    free = any(not quiet.holds(opens + timedelta(minutes=m), zone) for m in range(length))
    assert quiet.covers(opens, closes, zone) is not free


def test_an_hour_that_the_clocks_leave_out_ends_them_when_they_jump() -> None:
    quiet = Quiet(time(22), time(2, 30))
    night = datetime(2026, 3, 8, 1, 45, tzinfo=NEW_YORK)
    assert quiet.over_at(night, NEW_YORK) == datetime(2026, 3, 8, 7, tzinfo=UTC)


@pytest.mark.parametrize("ends", [time(8), time(9, tzinfo=UTC)])
def test_hours_that_cannot_be_read_are_refused(ends: time) -> None:
    with pytest.raises(InvalidInput, match="quiet hours"):
        Quiet(time(8), ends)
