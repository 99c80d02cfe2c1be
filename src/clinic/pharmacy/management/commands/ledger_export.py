"""Write the controlled-drug register, each entry bound to the one before by its hash.

`kapstone ledger-verify` reads it. Keep the last hash, which is shown on stderr, somewhere else:
only with it does a register that was rewritten whole come to light.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from clinic.pharmacy import books
from kapstone import ledger


class Command(BaseCommand):
    """`clinic ledger-export > register.json`."""

    help = "Write the controlled-drug register for kapstone ledger-verify."

    def handle(self, *args: Any, **options: Any) -> None:
        """The register to stdout, the last hash to stderr."""
        with transaction.atomic():
            exported = ledger.export(books.entry(row) for row in books.rows_of())
        self.stdout.write(json.dumps(exported, indent=1))
        self.stderr.write(f"{exported['count']} entries; last hash {exported['head']}")
