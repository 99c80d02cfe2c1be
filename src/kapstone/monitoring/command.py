"""Replay a session through the monitoring rules."""

import argparse

from kapstone.cli import read_json
from kapstone.monitoring.follow import replay


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One file with the session."""
    parser.add_argument("file", metavar="FILE", help="the session as a JSON object; - for stdin")


def run(arguments: argparse.Namespace) -> tuple[object, int]:
    """The state at the end, exit 0 whatever it is."""
    return replay(read_json(arguments.file)), 0
