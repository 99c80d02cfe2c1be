"""SQLite with one first-come-first-served write lock a process and file.

Every outermost `atomic()` waits for its turn before BEGIN IMMEDIATE and gives it up at commit,
rollback or close. SQLite's own waiting is unfair (a writer can starve for seconds under load), and
the lock also keeps two connections of this process from writing at once. Other processes are
still kept apart by SQLite's file lock.
"""

import clinic.site.sqlite_build  # isort: skip  # noqa: F401 - must come before Django's backend

from django.db import OperationalError
from django.db.backends.sqlite3 import base
from django.utils.asyncio import async_unsafe

from clinic.site.storage.ticket import TicketLock

_LOCKS: dict[str, TicketLock] = {}


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection; nested `atomic()` blocks are savepoints and take no second turn."""

    _turn: TicketLock | None = None

    @async_unsafe  # waiting here would stop every live stream
    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc] # not in the stubs
        except BaseException:
            self._give_turn()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc] # not in the stubs
        self._give_turn()

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc] # not in the stubs
        self._give_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc] # not in the stubs
        finally:
            self._give_turn()

    def _take_turn(self) -> None:
        lock = _LOCKS.setdefault(str(self.settings_dict["NAME"]), TicketLock())
        timeout_s = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        if not lock.acquire(timeout_s):
            raise OperationalError(
                f"database is locked: another write of this process held it for {timeout_s:g} s"
            )
        self._turn = lock

    def _give_turn(self) -> None:
        lock, self._turn = self._turn, None
        if lock is not None:
            lock.release()
