"""The ``clinic`` command."""

import os
import sys


def main() -> None:
    """Run one of the clinic's commands. `ledger-export` and `ledger_export` are the same."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.site.settings")
    from clinic.site import home

    home.prepare(sys.argv[1] if len(sys.argv) > 1 else "", os.environ)
    from django.core.management import execute_from_command_line

    program, *words = sys.argv
    command = [word.replace("-", "_") for word in words[:1] if not word.startswith("-")]
    execute_from_command_line([program, *command, *words[len(command) :]])


if __name__ == "__main__":
    main()
