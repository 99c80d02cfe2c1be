"""When somebody who had responded, or was in score-remission, is ill again.

Source: protocol section 9, DEF-07, mark P. No clinician has reviewed it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from kapstone.instruments import Instrument
from kapstone.instruments.conditions import Number
from kapstone.outcome.change import Response, compare, worse
from kapstone.outcome.worsening import Reading

LOST_PERCENT = 50
APART = timedelta(days=5)
# Scales on which two readings of so much are a relapse of their own. DEF-07 names one.
ILL_FROM = {"phq9": 10}
_FIGURES = {"lost_percent": LOST_PERCENT, "apart": APART, **ILL_FROM}
CONTENT = (_FIGURES, ("protocol section 9, DEF-07",), "P")


class Relapse(StrEnum):
    """Why it is called a relapse."""

    GAIN_LOST = "half of the gain lost"
    ILL_TWICE = "PHQ-9 of 10 or more twice, at least 5 days apart"
    EVENT = "hospital or suicidal behaviour since the response"


def relapse(
    instrument: Instrument,
    baseline: Number | None,
    since: Sequence[Reading],
    events: Sequence[datetime] = (),
) -> tuple[Relapse, ...]:
    """Why the newest reading is a relapse; empty where nothing makes it one.

    since: the readings that count (recall wholly after a dose), in any order. events: when somebody
    was taken into hospital for their mental health or acted upon a wish to die. A missing score is
    no relapse and ends none. Half of the gain is counted from the best score since the response. A
    reading that is a response still is not one of the two of 10 or more. A baseline that was in
    remission already has no remission to lose.
    """
    in_order = sorted(since, key=lambda reading: reading.at)
    first = next((n for n, each in enumerate(in_order) if _well(instrument, baseline, each)), None)
    if first is None or baseline is None:
        return ()
    held, newest = in_order[first:], in_order[-1]
    found = {
        Relapse.GAIN_LOST: _gain_lost(instrument, baseline, held),
        Relapse.ILL_TWICE: _ill(instrument, baseline, newest)
        and any(_ill(instrument, baseline, each) and newest.at - each.at >= APART for each in held),
        Relapse.EVENT: any(held[0].at < at <= newest.at for at in events),
    }
    return tuple(reason for reason, holds in found.items() if holds)


def _well(instrument: Instrument, baseline: Number | None, reading: Reading) -> bool:
    change = compare(instrument, baseline, reading.total)
    before = compare(instrument, baseline, baseline)
    return change.response is Response.FULL or bool(change.remission and not before.remission)


def _gain_lost(instrument: Instrument, baseline: Number, held: Sequence[Reading]) -> bool:
    newest = held[-1].total
    totals = [each.total for each in held if each.total is not None]
    best = max(totals, key=lambda total: worse(instrument, baseline - total))
    gain = worse(instrument, baseline - best)
    if newest is None or gain <= 0:
        return False
    return 100 * worse(instrument, newest - best) >= LOST_PERCENT * gain


def _ill(instrument: Instrument, baseline: Number, reading: Reading) -> bool:
    least = ILL_FROM.get(instrument.id)
    if least is None or reading.total is None or reading.total < least:
        return False
    return not _well(instrument, baseline, reading)
