"""Draw synthetic people for a demonstration or a test."""

import argparse
from dataclasses import asdict
from datetime import date

from kapstone.errors import InvalidInput
from kapstone.synth.people import people


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--count N --seed S --as-of DATE"""
    parser.add_argument("--count", type=int, default=30, help="how many people (30)")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal people (1)")
    parser.add_argument("--as-of", required=True, metavar="DATE", help="today, as YYYY-MM-DD")


def run(arguments: argparse.Namespace) -> tuple[object, int]:
    """The people drawn, each marked as synthetic."""
    try:
        as_of = date.fromisoformat(arguments.as_of)
    except ValueError as error:
        raise InvalidInput("--as-of", "is not a date.", "Write YYYY-MM-DD.") from error
    drawn = people(arguments.seed, arguments.count, as_of)
    return {"synthetic": True, "people": [asdict(person) for person in drawn]}, 0
