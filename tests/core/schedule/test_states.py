"""Missed that is not counted makes a treatment look better than it is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone.schedule import Happened, State, Window, state

OPENS = datetime(2026, 6, 8, 13, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=3)
WINDOW = Window(OPENS, CLOSES)
HOUR = timedelta(hours=1)
DURING = OPENS + HOUR


@pytest.mark.parametrize(
    ("told", "now", "expected"),
    [
        ({}, OPENS - HOUR, State.AHEAD),
        ({}, OPENS, State.DUE),
        ({}, CLOSES, State.MISSED),
        ({"sent_at": DURING}, DURING, State.SENT),
        ({"handed_over_at": OPENS - HOUR}, OPENS - HOUR, State.HANDED_OVER),
        ({"sent_at": OPENS, "handed_over_at": DURING}, DURING, State.HANDED_OVER),
        ({"sent_at": OPENS, "opened_at": DURING}, DURING, State.OPENED),
        ({"sent_at": OPENS, "opened_at": DURING}, CLOSES, State.MISSED),
        ({"sent_at": OPENS, "answered_at": DURING}, CLOSES + HOUR, State.ANSWERED),
        ({"answered_at": CLOSES + HOUR}, CLOSES + HOUR, State.MISSED),
        ({"voided_at": OPENS - HOUR}, CLOSES + HOUR, State.NOT_APPLICABLE),
        ({"voided_at": DURING, "answered_at": OPENS}, CLOSES, State.ANSWERED),
        # What is answered after a new dose tells nothing of the dose before it.
        ({"voided_at": OPENS, "answered_at": DURING}, CLOSES, State.NOT_APPLICABLE),
        # An episode that ended after the window closed hides no missed questionnaire.
        ({"voided_at": CLOSES}, CLOSES + HOUR, State.MISSED),
    ],
)
def test_what_became_of_it(told: dict[str, datetime], now: datetime, expected: State) -> None:
    assert state(WINDOW, Happened(**told), now) is expected


def test_a_window_without_an_end_is_never_missed() -> None:
    assert state(Window(OPENS, None), Happened(), CLOSES + 1000 * HOUR) is State.DUE


EARLIEST, LATEST = datetime(2026, 6, 1), datetime(2026, 6, 20)  # noqa: DTZ001 - the zone is given below
moments = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))
happened = st.builds(
    Happened,
    **dict.fromkeys(
        ("sent_at", "handed_over_at", "opened_at", "answered_at", "voided_at"),
        st.none() | moments,
    ),
)


@given(happened, moments, moments)
def test_an_item_once_settled_stays_so(told: Happened, one: datetime, other: datetime) -> None:
    before, after = sorted((one, other))
    settled = {State.ANSWERED, State.MISSED, State.NOT_APPLICABLE}
    first = state(WINDOW, told, before)
    if first in settled:
        assert state(WINDOW, told, after) is first
    assert (state(WINDOW, told, after) is State.AHEAD) <= (after < OPENS)
