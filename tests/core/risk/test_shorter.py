"""A clinic that gave itself more time would leave somebody waiting longer than was promised."""

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone import instruments
from kapstone.errors import InvalidInput
from kapstone.risk import (
    CLOCKS,
    LEVELS,
    SAFETY_PLAN,
    AlertLevel,
    PlanAsk,
    Screener,
    Tier,
    Trigger,
    WorkingHours,
    due_times,
    read_shorter,
    suicide_tier,
)
from kapstone.risk.clocks import STEPS

NOON = datetime(2026, 3, 4, 17, tzinfo=UTC)
HOURS = WorkingHours(ZoneInfo("America/New_York"))


def test_a_shorter_clock_runs_out_sooner_and_the_others_stay() -> None:
    own = read_shorter("immediate.backup=3, urgent.disposition=240")
    due = due_times(AlertLevel.IMMEDIATE, NOON, HOURS, own)
    assert due.backup_due_at == NOON + timedelta(minutes=3)
    assert due.everyone_due_at == NOON + timedelta(minutes=10)
    later = due_times(AlertLevel.URGENT, NOON, HOURS, own)
    assert later.disposition_due_at == NOON + timedelta(hours=4)
    late = datetime(2026, 3, 5, 4, 30, tzinfo=UTC)  # half past eleven: midnight comes first
    assert due_times(AlertLevel.URGENT, late, HOURS, own).disposition_due_at == datetime(
        2026, 3, 5, 5, tzinfo=UTC
    )


def test_a_step_without_a_time_may_be_given_one() -> None:
    own = read_shorter("review.first_contact=1440")
    due = due_times(AlertLevel.REVIEW, NOON, HOURS, own)
    assert due.first_contact_due_at == NOON + timedelta(days=1)


def test_nobody_is_told_before_the_backup() -> None:
    due = due_times(AlertLevel.IMMEDIATE, NOON, HOURS, read_shorter("immediate.everyone=2"))
    assert due.backup_due_at == due.everyone_due_at == NOON + timedelta(minutes=2)


@pytest.mark.hazard(11)
@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("immediate.backup=6", "longer"),
        ("urgent.first_contact=121", "longer"),
        ("immediate.backup=0", "no time"),
        ("immediate.backup=soon", "no time"),
        ("immediate.backup", "no time"),
        ("loud.backup=1", "no clock"),
        ("immediate.lunch=1", "no clock"),
    ],
)
def test_a_longer_or_unreadable_clock_is_refused_by_name(written: str, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem) as refused:
        read_shorter(written)
    assert refused.value.key == written.partition("=")[0]


def test_nothing_written_shortens_nothing() -> None:
    assert read_shorter("") == {}


@given(
    st.sampled_from(list(AlertLevel)),
    st.sampled_from(STEPS),
    st.integers(1, 10_000),
    st.integers(0, 366 * 24 * 60),
)
def test_no_clinic_can_make_any_clock_later(
    level: AlertLevel, step: str, minutes: int, later: int
) -> None:
    try:
        own = read_shorter(f"{level}.{step}={minutes}")
    except InvalidInput:
        known = getattr(CLOCKS[level], step)
        assert isinstance(known, timedelta)
        assert known < timedelta(minutes=minutes)
        return
    at = NOON + timedelta(minutes=later)
    theirs, ours = due_times(level, at, HOURS, own), due_times(level, at, HOURS)
    for name in ("backup_due_at", "everyone_due_at", "first_contact_due_at", "disposition_due_at"):
        before, after = getattr(ours, name), getattr(theirs, name)
        assert before is None or after <= before


def test_a_plan_is_offered_at_low_and_needed_above() -> None:
    assert SAFETY_PLAN == {
        Tier.LOW: PlanAsk.OFFERED, Tier.MODERATE: PlanAsk.NEEDED, Tier.HIGH: PlanAsk.NEEDED
    }  # fmt: skip


def _asked(answers: dict[str, bool | None]) -> Screener:
    return Screener(**{f"q{n}": answers[f"q{n}"] for n in range(1, 6)},
                    q6=answers["q6"], q6_3mo=answers["q6"])  # fmt: skip


@pytest.mark.hazard(10)
def test_the_screener_as_a_questionnaire_alerts_as_the_one_function_does() -> None:
    """All 3^7 answer sets of the screener, and 3^6 of the one since the last contact."""
    whole, since = instruments.load("cssrs_screener"), instruments.load("cssrs_slc")
    for given_ in product((None, False, True), repeat=7):
        names = [{"q6r": "q6_3mo"}.get(item.id, item.id) for item in whole.items]
        told = dict(zip(names, given_, strict=True))
        as_asked = {"q6r" if name == "q6_3mo" else name: said for name, said in told.items()}
        _agree(whole, as_asked, suicide_tier(Screener(**told)).level)
    for given_ in product((None, False, True), repeat=6):
        told = dict(zip((item.id for item in since.items), given_, strict=True))
        _agree(since, told, suicide_tier(_asked(told)).level)


def _agree(
    instrument: instruments.Instrument, told: dict[str, bool | None], level: AlertLevel | None
) -> None:
    said = {item: int(answer) for item, answer in told.items() if answer is not None}
    alerts = instruments.score(instrument, said).alerts
    found = min((alert.level for alert in alerts), key=lambda each: each.rank, default=None)
    assert found == level, told


def test_every_reason_has_its_level() -> None:
    assert set(LEVELS) == set(Trigger)
