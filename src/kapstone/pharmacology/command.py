"""Predict the concentration after a dose, with its band."""

import argparse

from kapstone import cli


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One file with the dose and the person."""
    parser.add_argument("file", metavar="FILE", help="the dose as a JSON object; - for stdin")


def run(arguments: argparse.Namespace) -> tuple[object, int]:
    """The curve, exit 0."""
    from kapstone.pharmacology.answering import answer

    return answer(cli.read_json(arguments.file)), 0
