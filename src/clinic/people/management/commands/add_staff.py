"""``clinic add_staff``: the first account of a new clinic."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.people import staffing
from clinic.people.roles import Role
from clinic.people.staff_forms import StaffForm


class Command(BaseCommand):
    """Makes an account with one role. Everything further is done on the staff pages."""

    help = "Make an account for somebody who works here, and print its start password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and as what."""
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("role", choices=[role.value for role in Role if role != Role.PATIENT])

    def handle(self, *args: Any, email: str, name: str, role: str, **options: Any) -> None:
        """Make it."""
        form = StaffForm({"email": email, "name": name})
        if not form.is_valid():
            problems = [
                f"{field}: {words}" for field, all_ in form.errors.items() for words in all_
            ]
            raise CommandError(" ".join(problems))
        password = staffing.bootstrap(
            email=form.cleaned_data["email"], name=name, role=Role(role), at=timezone.now()
        )
        self.stdout.write(f"Start password, to be replaced at the first sign-in: {password}")
