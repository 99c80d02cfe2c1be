"""Take in a referral bundle from a file."""  # noqa: N999 - the command is called import

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.interop import actions
from clinic.people.models import User
from kapstone.errors import InvalidInput


class Command(BaseCommand):
    """``clinic import FILE``: the same door as the page."""

    help = "Take in a FHIR R4 bundle about one person, or nothing of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and in whose name."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--by", metavar="EMAIL", help="the member of staff who imports it")

    def handle(self, *args: object, file: Path, by: str | None, **options: object) -> None:
        """Import, and say what became of it by record number alone."""
        user = (
            User.objects.filter(email=by.lower(), staff__isnull=False, staff__left_at=None).first()
            if by
            else None
        )
        if by and user is None:
            raise CommandError(f"{by}: nobody who works here signs in with this address.")
        try:
            if file.stat().st_size > actions.LARGEST_BYTES:
                raise CommandError(f"{file}: larger than 5 MB. Nothing was imported.")
            text = file.read_text(encoding="utf-8-sig")
            taken = actions.take_in(text, by=user, at=timezone.now())
        except (OSError, UnicodeDecodeError, InvalidInput) as error:
            raise CommandError(f"{file}: {error} Nothing was imported.") from error
        if taken.patient is None:
            self.stdout.write("This might be somebody who is here: say who, under Referral in.")
        else:
            self.stdout.write(f"{taken.taken_as}: record {taken.patient.record_number}")
