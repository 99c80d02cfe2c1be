"""Which process runs the loop: on PostgreSQL the one that holds an advisory lock."""

import contextlib
import logging
import threading

from django.db import DatabaseError, InterfaceError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

LOCK_KEY = 0x6B_6C_6F_6F_70  # any number that no other program on this database uses
PROBE_EVERY_S = 1.0

log = logging.getLogger(__name__)


class Leadership:
    """Keeps `leading` true while this process holds the lock.

    The lock lives as long as its connection. When that drops, the lock is given up and asked for
    again; for up to a second two processes may both believe they lead, so jobs claim their rows.
    """

    def __init__(self, alias: str = "default") -> None:
        self.leading = threading.Event()
        self._alias = alias

    def campaign(self, stop: threading.Event) -> None:
        """Hold or seek the lock until told to stop. SQLite has one process, which leads."""
        if connections[self._alias].vendor != "postgresql":
            self.leading.set()
            return
        while not stop.is_set():
            own = _unpooled(self._alias)
            try:
                self._hold(own, stop)
            except (DatabaseError, InterfaceError) as error:
                log.warning("the loop's lock connection dropped (%s)", type(error).__name__)
            finally:
                self.leading.clear()
                with contextlib.suppress(DatabaseError, InterfaceError):
                    own.close()
            stop.wait(PROBE_EVERY_S)

    def _hold(self, own: BaseDatabaseWrapper, stop: threading.Event) -> None:
        while not stop.is_set():
            with own.cursor() as cursor:
                if self.leading.is_set():
                    cursor.execute(
                        "SELECT 1"
                    )  # raises when the connection, and so the lock, is gone
                else:
                    cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_KEY])
                    if cursor.fetchone()[0]:
                        self.leading.set()
            stop.wait(PROBE_EVERY_S)


def _unpooled(alias: str) -> BaseDatabaseWrapper:
    """A connection of its own: from a pool it could come back to somebody else with the lock."""
    wrapper = connections.create_connection(alias)
    options = {
        "connect_timeout": 5,
        "keepalives_idle": 5,
        "keepalives_interval": 5,
        "keepalives_count": 2,
        **wrapper.settings_dict["OPTIONS"],
    }
    options.pop("pool", None)
    wrapper.settings_dict = {**wrapper.settings_dict, "OPTIONS": options}
    return wrapper
