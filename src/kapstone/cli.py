"""The core's commands: one JSON document in, one JSON object out.

Exit 0 whenever a command ran, 1 when a check of a file of cases disagreed, 2 on malformed input
with the key named and nothing evaluated.
"""

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from kapstone.document import check_document, parse
from kapstone.errors import InvalidInput, KapstoneError

# command → the module that holds it. A module offers `add_arguments(parser)` and
# `run(arguments) -> (object to print, exit status)`; its docstring's first line is the help.
COMMANDS: dict[str, str] = {
    "screen": "kapstone.eligibility.command",
    "follow": "kapstone.monitoring.command",
    "score": "kapstone.instruments.command",
    "check-dose": "kapstone.dose.command",
    "ledger-verify": "kapstone.ledger.command",
    "simulate": "kapstone.pharmacology.command",
    "synth": "kapstone.synth.command",
}


def read_json(path: str) -> object:
    """The JSON document in a file, or on standard input for ``-``."""
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise InvalidInput(path, f"cannot be read ({error.strerror}).") from error
    document = parse(data, path)
    check_document(document)
    return document


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    parser = argparse.ArgumentParser(
        prog="kapstone",
        description="Clinical rules of ketamine-assisted psychotherapy as commands. "
        "Decision support only; no clinician has reviewed this content.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    runners: dict[str, Callable[[argparse.Namespace], tuple[object, int]]] = {}
    for name, module_name in COMMANDS.items():
        module = importlib.import_module(module_name)
        module.add_arguments(commands.add_parser(name, help=(module.__doc__ or "").splitlines()[0]))
        runners[name] = module.run
    arguments = parser.parse_args(argv)
    try:
        result, status = runners[arguments.command](arguments)
    except KapstoneError as error:
        sys.stderr.write(f"kapstone {arguments.command}: {error}\n")
        return 2
    sys.stdout.write(json.dumps(result, indent=2, ensure_ascii=False, default=str) + "\n")
    return status
