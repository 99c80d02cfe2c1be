"""News from the other processes of a clinic on PostgreSQL: one listener a process."""

import logging
import threading
from uuid import UUID

from django.db import connection

from clinic.dosing import hub

log = logging.getLogger(__name__)
_started = threading.Lock()
_stop = threading.Event()
AGAIN_AFTER_S = 2.0


def ensure() -> None:
    """Start the listener of this process, once. An embedded clinic is one process: none."""
    if connection.vendor == "postgresql" and _started.acquire(blocking=False):
        threading.Thread(target=_keep_listening, name="dosing-listener", daemon=True).start()


def _keep_listening() -> None:
    """Listen for as long as the process lives; a lost connection is made again.

    What was missed meanwhile does no harm: every stream reads its rows again at each tick.
    """
    import psycopg

    while not _stop.is_set():
        try:
            _listen()
        except psycopg.Error as error:
            log.warning("dosing listener lost its connection: %s", type(error).__name__)
            _stop.wait(AGAIN_AFTER_S)


def _listen() -> None:
    import psycopg

    known = connection.get_connection_params()
    wanted = ("dbname", "user", "password", "host", "port")
    params = {key: known[key] for key in wanted if known.get(key)}
    with psycopg.connect(autocommit=True, **params) as link:
        link.execute(f"LISTEN {hub.CHANNEL}")
        while not _stop.is_set():
            for note in link.notifies(timeout=1):
                hear(note.payload)


def stop() -> None:
    """End the listener of this process within a second or two; its connection is given back."""
    _stop.set()


def hear(payload: str) -> None:
    """One message of another process: a session and a number."""
    session_id, _, number = payload.partition(" ")
    hub.wake(UUID(session_id), int(number))
