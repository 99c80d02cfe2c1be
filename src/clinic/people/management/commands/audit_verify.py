"""``clinic audit_verify``: is the trail whole?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.people import audit


class Command(BaseCommand):
    """Replays the chain. Give an earlier head with --kept: a chain alone hides a full rewrite."""

    help = "Check the audit trail; prints its head, to be kept somewhere else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The head that an earlier run printed."""
        parser.add_argument("--kept", default="", metavar="NUMBER:HASH", help="a head kept earlier")

    def handle(self, *args: Any, kept: str = "", **options: Any) -> None:
        """Print the head, or each fault."""
        try:
            found = list(audit.faults(kept))
        except ValueError as error:
            raise CommandError(str(error)) from error
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"The trail is broken in {len(found)} places.")
        self.stdout.write(f"The trail is whole. Keep its head elsewhere: {audit.head()}")
