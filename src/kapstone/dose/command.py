"""Check one dose order against its limits."""

import argparse

from kapstone import cli
from kapstone.dose.checking import check
from kapstone.dose.reading import read_order


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One file with the order."""
    parser.add_argument("file", metavar="FILE", help="the order as a JSON object; - for stdin")


def run(arguments: argparse.Namespace) -> tuple[object, int]:
    """The judgement, exit 0 whatever it is."""
    return check(read_order(cli.read_json(arguments.file))).as_json(), 0
