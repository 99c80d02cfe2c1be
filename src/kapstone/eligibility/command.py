"""Screen facts about a person: findings, what is unknown, and the state."""

import argparse

from kapstone.cli import read_json
from kapstone.eligibility.facts import read_facts
from kapstone.eligibility.screening import screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "facts", metavar="FACTS", help="a JSON file of facts, or - for standard input"
    )


def run(arguments: argparse.Namespace) -> tuple[object, int]:
    return screen(read_facts(read_json(arguments.facts))).as_json(), 0
