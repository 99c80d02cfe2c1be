"""A process of its own that adds one to a counter, again and again: FILE TIMES.

It says `ready` and waits for a line, so that all contenders begin at once.
"""

import sys

from django.conf import settings


def add(alias: str, times: int) -> None:
    """Read, then write what was read plus one, as a ledger does."""
    from django.db import connections, transaction

    for _ in range(times):
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            cursor.execute("SELECT n FROM counter")
            n = cursor.fetchone()[0]
            cursor.execute("UPDATE counter SET n = %s", [n + 1])


if __name__ == "__main__":
    from pathlib import Path

    from clinic.site.storage.addresses import databases

    found = databases("", Path(sys.argv[1]).parent)
    found["default"]["NAME"] = sys.argv[1]
    settings.configure(DATABASES=found)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    add("default", int(sys.argv[2]))
