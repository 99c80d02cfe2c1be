"""Verify an exported controlled-drug ledger: its chain, its sums, its witnesses."""

import argparse

from kapstone import cli
from kapstone.errors import BrokenLedger
from kapstone.ledger.balances import Balances
from kapstone.ledger.reading import read_export
from kapstone.ledger.replaying import replay


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The export, and the last hash where it was kept elsewhere."""
    parser.add_argument("export", metavar="EXPORT", help="the export; - for stdin")
    parser.add_argument("--head", metavar="HASH", help="the last hash, kept outside the export")


def run(arguments: argparse.Namespace) -> tuple[object, int]:
    """Balances and exit 0, or the first broken entry and exit 1."""
    try:
        entries, head = read_export(cli.read_json(arguments.export))
        if arguments.head not in (None, head):
            raise BrokenLedger("(last)", "the last hash is not the one kept elsewhere.")  # noqa: TRY301 - one answer for every break
        balances = replay(entries)
    except BrokenLedger as broken:
        return {"ok": False, "entry": broken.entry, "problem": broken.problem}, 1
    return {"ok": True, "entries": len(entries), "head": head} | _as_json(balances), 0


def _as_json(balances: Balances) -> dict[str, object]:
    return {
        "vials": {
            name: {"left_mg": str(vial.left_mg), "left_ml": str(vial.left_ml)}
            for name, vial in balances.vials.items()
        },
        "open_draws": {name: str(draw.left_mg) for name, draw in balances.open_draws.items()},
        "count_differences": {
            name: str(count.difference_mg)
            for name, count in balances.counts.items()
            if count.difference_mg
        },
    }
