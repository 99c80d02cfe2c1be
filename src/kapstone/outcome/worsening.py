"""When a score, a watched answer or a tier is so much worse that somebody looks the same day.

Source: protocol section 9, DEF-05, mark P.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kapstone.instruments import Instrument
from kapstone.instruments.conditions import Number
from kapstone.outcome.change import worse
from kapstone.risk import Tier

WORSE_PERCENT = 20
WORSE_APART = timedelta(days=3)
CONTENT = ({"percent": WORSE_PERCENT, "apart": WORSE_APART}, ("protocol section 9, DEF-05",), "P")
TIER_STEPS = (Tier.NONE, Tier.LOW, Tier.MODERATE, Tier.HIGH)


class Worsening(StrEnum):
    """Why a person is to be reviewed the same day. Source: DEF-05, mark P."""

    POINTS = "total up by the scale's limit of deterioration"
    PERCENT_TWICE = "total up by a fifth twice, at least 3 days apart"
    WATCHED_ITEM = "watched item up"
    SUICIDE_TIER = "suicide tier up"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one occasion gave. watched_answer: the watched item's answer (PHQ-9 item 9)."""

    at: datetime
    total: Number | None = None
    watched_answer: int | None = None
    tier: Tier | None = None


def worsening(
    instrument: Instrument, baseline: Reading, since: Sequence[Reading]
) -> tuple[Worsening, ...]:
    """Why the newest reading calls for review the same day; empty where nothing does.

    since: the readings after baseline in any order. The watched item and the tier count as up
    against the baseline and against the last known value before; a tier not known never counts.
    """
    if not since:
        return ()
    *earlier, newest = sorted(since, key=lambda reading: reading.at)
    before = [baseline, *earlier]
    held = {
        Worsening.POINTS: _points_worse(instrument, baseline, newest),
        Worsening.PERCENT_TWICE: _fifth_worse(instrument, baseline, newest)
        and any(
            _fifth_worse(instrument, baseline, each) and newest.at - each.at >= WORSE_APART
            for each in earlier
        ),
        Worsening.WATCHED_ITEM: _up(
            newest.watched_answer, [each.watched_answer for each in before]
        ),
        Worsening.SUICIDE_TIER: _up(_step(newest), [_step(each) for each in before]),
    }
    return tuple(reason for reason, holds in held.items() if holds)


def _points_worse(instrument: Instrument, baseline: Reading, newest: Reading) -> bool:
    limit = instrument.change.deterioration
    if limit is None or baseline.total is None or newest.total is None:
        return False
    return worse(instrument, newest.total - baseline.total) >= limit.value


def _fifth_worse(instrument: Instrument, baseline: Reading, reading: Reading) -> bool:
    """A change from a baseline of 0 has no percentage, and does not count here."""
    if not baseline.total or reading.total is None:
        return False
    points = worse(instrument, reading.total - baseline.total)
    return 100 * points >= WORSE_PERCENT * baseline.total


def _up(value: int | None, before: Sequence[int | None]) -> bool:
    """Above the first value or the last known one."""
    known = [each for each in before if each is not None]
    if value is None or not known:
        return False
    return value > known[-1] or (before[0] is not None and value > before[0])


def _step(reading: Reading) -> int | None:
    return TIER_STEPS.index(reading.tier) if reading.tier in TIER_STEPS else None
