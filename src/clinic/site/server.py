"""Starting the one server process, for a clinic and for the demo alike."""

import errno
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from clinic.site import home, startup
from clinic.site.storage import mark

PORTS_TRIED = 20
STREAMS_END_WITHIN_S = 2  # an open live stream would otherwise hold up a stop for ever
# What waits for somebody who does not read. The system would let it grow to megabytes for each.
HELD_FOR_A_READER_BYTES = 65_536

Say = Callable[[str], object]


def check(kind: mark.Kind) -> None:
    """Refuse to go on with unsafe settings, or with a database that is somebody else's."""
    refuse(startup.setting_problems(settings))
    refuse(startup.database_problems(connection))
    may_change = kind == mark.Kind.DEMO or mark.kind(connection) == mark.Kind.EMPTY
    refuse([problem] if (problem := mark.claim(connection, kind)) else [])
    if not _migrations_wait():
        return
    if may_change:
        call_command("migrate", interactive=False, verbosity=0)
    else:
        refuse(
            [
                "This release changes the database and that has not been done yet. "
                "Make a backup, then run `clinic migrate`."
            ]
        )


def refuse(problems: list[str]) -> None:
    """Stop with every problem at once."""
    if problems:
        raise CommandError("The clinic does not start:\n" + "\n".join(f"- {p}" for p in problems))


def _migrations_wait() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def sole_use() -> AbstractContextManager[Callable[[str], None]]:
    """Hold the clinic's directory; many processes may share a PostgreSQL clinic, not the demo."""
    if connection.vendor == "postgresql" and not settings.DEMO:
        return nullcontext(lambda address: None)
    return home.only_server(Path(settings.HOME))


def free_socket(host: str, port: int, say: Say) -> socket.socket:
    """A bound socket at the port, or at the next free one, saying so."""
    for candidate in range(port, min(port + PORTS_TRIED, 65536)):
        sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, HELD_FOR_A_READER_BYTES)
        try:
            sock.bind((host, candidate))
            sock.listen(128)
        except OSError as error:
            sock.close()
            if error.errno != errno.EADDRINUSE:
                raise CommandError(f"{host} port {candidate}: {error.strerror}.") from error
            say(f"Port {candidate} is in use by another program; trying the next one.")
        else:
            return sock
    raise CommandError(f"No free port from {port} on. Name another one with --port.")


def run(sock: socket.socket) -> None:
    """Serve until Ctrl-C or SIGTERM; then end streams, pages and the loop, in that order."""
    import uvicorn

    from clinic.site.asgi import application

    connections.close_all()  # what start-up used; each thread opens its own
    config = uvicorn.Config(
        application,
        lifespan="on",
        log_config=None,  # Django's logging; no line a request: addresses can hold a person's link
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STREAMS_END_WITHIN_S,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[sock])
