"""Score one questionnaire, or compare a file of worked cases."""

import argparse

from kapstone.cli import read_json
from kapstone.errors import InvalidInput
from kapstone.instruments.cases import compare_cases
from kapstone.instruments.document import Node
from kapstone.instruments.loading import load
from kapstone.instruments.scoring import score


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """INSTRUMENT FILE, or --cases FILE."""
    parser.add_argument("instrument", nargs="?", help="such as phq9")
    parser.add_argument("file", nargs="?", help="answers as JSON, - for standard input")
    parser.add_argument("--cases", metavar="FILE", help="compare a file of worked cases")


def run(arguments: argparse.Namespace) -> tuple[object, int]:
    """The object to print, and 1 where a case disagreed."""
    if arguments.cases is not None:
        if arguments.instrument is not None:
            raise InvalidInput(arguments.instrument, "stands beside --cases.", "Give one of them.")
        comparison = compare_cases(read_json(arguments.cases))
        return comparison.as_json(), int(comparison.disagreed_count > 0)
    if arguments.file is None:
        raise InvalidInput("FILE", "is missing.", "Give INSTRUMENT FILE, or --cases FILE.")
    instrument = load(arguments.instrument)
    document = Node(read_json(arguments.file), "file")
    members = document.only("responses", "attributes")
    responses = document["responses"].members()
    attributes = members["attributes"].members() if "attributes" in members else {}
    result = score(
        instrument,
        {key: node.value for key, node in responses.items()},
        {key: node.value for key, node in attributes.items()},
    )
    return result.as_json(), 0
