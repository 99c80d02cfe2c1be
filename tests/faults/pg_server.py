"""A PostgreSQL server of a test's own, to be killed, frozen, starved and started again."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from scripts.postgres import PostgresError, control, free_port, programs, server_user

STARTS_WITHIN_S = 20


@dataclass(frozen=True)
class OwnPostgres:
    """One cluster. place: a folder that the server's own user may enter."""

    folder: Path
    place: Path
    port: int
    options: Sequence[str] = ()

    @property
    def address(self) -> str:
        """Where a clinic finds it."""
        return f"postgresql://kapstone@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """A new cluster."""
        user = server_user()
        if user:
            shutil.chown(self.place, user)
        where = self.place / "data"
        control(self.folder / "initdb", "-D", where, "-A", "trust", "-U", "kapstone", "-E", "UTF8")

    def start(self) -> None:
        """Start it, as a service manager does: again, until what a kill left behind is gone."""
        settings = [
            f"-p {self.port}",
            "-c listen_addresses=127.0.0.1",
            f"-c unix_socket_directories={self.place}",
            *(f"-c {option}" for option in self.options),
        ]
        command = (self.folder / "pg_ctl", "-D", self.place / "data", "-l", self.place / "log")
        until = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                return control(*command, "-o", " ".join(settings), "-w", "start")
            except PostgresError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def stop(self, how: str = "fast") -> None:
        """Stop it in order."""
        with suppress(PostgresError):  # one that was killed is stopped already
            control(self.folder / "pg_ctl", "-D", self.place / "data", "-m", how, "-w", "stop")

    def postmaster(self) -> int:
        """The first of its processes."""
        return int((self.place / "data" / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """Kill the first of its processes; the others end as they find it gone."""
        os.kill(self.postmaster(), signal.SIGKILL)

    def backends(self) -> list[int]:
        """The processes that serve a clinic."""
        with psycopg.connect(self.address) as link:
            rows = link.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'kapstone'"
            )
            return [pid for (pid,) in rows.fetchall()]

    def processes(self) -> list[int]:
        """Every process of it."""
        first = self.postmaster()
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *map(int, children)]

    def signal_all(self, how: signal.Signals) -> None:
        """Freeze or thaw the whole server."""
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, how)


@contextmanager
def own_postgres(*options: str) -> Iterator[OwnPostgres]:
    """A running server, removed with the block."""
    place = Path(tempfile.mkdtemp(prefix="kapstone-pg-"))
    try:
        server = OwnPostgres(programs(place), place, free_port(), options)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(place)
