"""Microseconds for one PHQ-9 scored, with its bands, alerts and marks.

    .venv/bin/python -m bench.scoring [--rounds 7] [--calls 2000]

Prints the median of the rounds and their range. The limit is 100 µs.
"""

import argparse
import statistics
import timeit

from kapstone import instruments

LIMIT_US = 100
ANSWERS = {
    "all answered": {f"q{n}": n % 4 for n in range(1, 10)},
    "one left out": {f"q{n}": n % 4 for n in range(1, 9)},
}


def main() -> int:
    """Measure both; 1 where a median is over the limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--calls", type=int, default=2000)
    options = parser.parse_args()
    phq9 = instruments.load("phq9")
    slow = False
    for name, answers in ANSWERS.items():
        timer = timeit.Timer(lambda given=answers: instruments.score(phq9, given))
        taken = timer.repeat(options.rounds, options.calls)
        each_us = sorted(1e6 * seconds / options.calls for seconds in taken)
        median_us = statistics.median(each_us)
        slow = slow or median_us >= LIMIT_US
        print(f"PHQ-9, {name}: {median_us:.0f} µs ({each_us[0]:.0f} to {each_us[-1]:.0f})")
    return int(slow)


if __name__ == "__main__":
    raise SystemExit(main())
