"""The ``clinic`` command."""

import os
import sys


def main() -> None:
    """Run one of the clinic's commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.site.settings")
    from clinic.site import home

    home.prepare(sys.argv[1] if len(sys.argv) > 1 else "", os.environ)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
