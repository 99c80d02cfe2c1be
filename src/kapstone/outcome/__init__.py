"""What became of a score: response, remission, reliable change, worsening, relapse.

A missing score is missing: it is never filled in, and every judgement about it is missing too.
Thresholds are the instrument's own (`Instrument.change`), each with its source and mark.

Source: protocol section 9, DEF-01 to DEF-05, DEF-07 and DEF-R1. Not covered: cohort rates (DEF-06).
"""

from kapstone.outcome.change import (
    Change,
    Response,
    Shift,
    compare,
    reaches_before,
    response_total_at_most,
)
from kapstone.outcome.relapse import Relapse, relapse
from kapstone.outcome.worsening import Reading, Worsening, worsening

__all__ = [
    "Change",
    "Reading",
    "Relapse",
    "Response",
    "Shift",
    "Worsening",
    "compare",
    "reaches_before",
    "relapse",
    "response_total_at_most",
    "worsening",
]
