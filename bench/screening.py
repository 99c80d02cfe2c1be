"""Microseconds for one screening of a full set of facts, by every rule.

    .venv/bin/python -m bench.screening [--rounds 7] [--calls 200]

Prints the median of the rounds and their range, of the processor's time. The limit is 1,000 µs.
"""

import argparse
import json
import statistics
import time
import timeit
from pathlib import Path

from kapstone.eligibility import RULES, read_facts, screen

LIMIT_US = 1000
SCENARIOS = Path(__file__).parents[1] / "tests" / "scenarios"
ILL = {
    "medications": [
        {"name": "Suboxone", "last_taken_h": 5},
        {"name": "lorazepam", "daily_dose_mg": 2},
        {"name": "Wegovy", "started_days_ago": 10},
        {"name": "lisinopril", "last_taken_h": 30},
        {"name": "Zoloft", "daily_dose_mg": 100},
        {"name": "lithium"},
    ],
    "sbp": [165, 171],
    "dbp": [95, 101],
    "dx.psychosis.history": True,
    "dx.gi_gastroparesis.current": False,
}


def main() -> int:
    """Measure a well person and an ill one; 1 where a median is over the limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--calls", type=int, default=200)
    options = parser.parse_args()
    written = json.loads((SCENARIOS / "screen_well_under_review.json").read_text(encoding="utf-8"))
    slow = False
    for name, more in (("well", {}), ("six medicines, ill", ILL)):
        facts = read_facts(written["in"] | {"for": "dosing_day"} | more)
        timer = timeit.Timer(lambda given=facts: screen(given), timer=time.process_time)
        taken = timer.repeat(options.rounds, options.calls)
        each_us = sorted(1e6 * seconds / options.calls for seconds in taken)
        median_us = statistics.median(each_us)
        slow = slow or median_us >= LIMIT_US
        found = (
            f"{len(RULES)} rows, {len(facts.values)} facts, {len(screen(facts).findings)} findings"
        )
        print(f"{name}: {median_us:.0f} µs ({each_us[0]:.0f} to {each_us[-1]:.0f}); {found}")
    return int(slow)


if __name__ == "__main__":
    raise SystemExit(main())
