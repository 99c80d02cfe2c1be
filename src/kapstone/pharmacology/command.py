"""Predict the concentration after a dose, with its band."""

import argparse

from kapstone import cli


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One file with the dose and the person."""
    parser.add_argument("file", metavar="FILE", help="the dose as a JSON object; - for stdin")
    parser.add_argument("--plot", metavar="PICTURE", help="draw it too: .svg, .png or .pdf")


def run(arguments: argparse.Namespace) -> tuple[object, int]:
    """The curve, exit 0."""
    from kapstone.pharmacology.answering import answer

    document = cli.read_json(arguments.file)
    if arguments.plot:
        from kapstone.pharmacology.plotting import plot
        from kapstone.pharmacology.reading import read

        plot(read(document), arguments.plot)
    return answer(document), 0
