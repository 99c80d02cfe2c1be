"""A PostgreSQL server of a test's own, to be killed, frozen, starved and started again."""

import fcntl
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
from tests import migrated

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

    @property
    def data(self) -> Path:
        """Where its files are."""
        return self.place / "data"

    def make(self) -> None:
        """A new cluster."""
        self.hand_over()
        user = ("-U", "kapstone", "-A", "trust", "-E", "UTF8")
        control(self.folder / "initdb", "-D", self.data, *user)

    def hand_over(self, place: Path | None = None) -> None:
        """All of a folder, its own if none is named, belongs to whom the server runs as."""
        folder = place or self.place
        if user := server_user():
            for each in (folder, *folder.rglob("*")):
                shutil.chown(each, user)

    def start(self) -> None:
        """Start it, as a service manager does: again, until what a kill left behind is gone."""
        settings = [
            f"-p {self.port}",
            "-c listen_addresses=127.0.0.1",
            f"-c unix_socket_directories={self.place}",
            *(f"-c {option}" for option in self.options),
        ]
        command = (self.folder / "pg_ctl", "-D", self.data, "-l", self.place / "log")
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
            control(self.folder / "pg_ctl", "-D", self.data, "-m", how, "-w", "stop")

    def postmaster(self) -> int:
        """The first of its processes."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

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

    def kill_all(self) -> None:
        """Every process of it, also where the file that names the first cannot be read any more."""
        mine = [place for place in Path("/proc").glob("[0-9]*") if self._is_of(place)]
        self.signal_all([int(place.name) for place in mine], signal.SIGKILL)
        while any(place.exists() for place in mine):
            time.sleep(0.05)

    def _is_of(self, process: Path) -> bool:
        """Whether a process works in this cluster's folder."""
        try:
            return (process / "cwd").readlink() == self.data
        except OSError:
            return False

    @staticmethod
    def signal_all(processes: Sequence[int], how: signal.Signals) -> None:
        """Freeze or thaw them."""
        for pid in processes:
            with suppress(ProcessLookupError):
                os.kill(pid, how)


@contextmanager
def own_postgres(*options: str, place: Path | None = None) -> Iterator[OwnPostgres]:
    """A running server with a clinic's tables, removed with the block.

    place: where it keeps its files, if not in a folder of its own.
    """
    scratch = Path(tempfile.mkdtemp(prefix="kapstone-pg-"))
    try:
        home = place or scratch
        server = OwnPostgres(programs(scratch), home, free_port(), options)
        shutil.copytree(_migrated(), server.data)
        server.hand_over()
        server.data.chmod(0o700)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(scratch)


def _migrated() -> Path:
    """The files of a stopped server that has every table, made once for each state of them."""
    migrated.KEPT.mkdir(parents=True, exist_ok=True)
    made = migrated.KEPT / f"cluster-{migrated.state()}"
    with (migrated.KEPT / "cluster.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for older in migrated.KEPT.glob("cluster-*"):
                shutil.rmtree(older)
            _make(made)
    return made


def _make(made: Path) -> None:
    scratch = Path(tempfile.mkdtemp(prefix="kapstone-pg-"))
    try:
        server = OwnPostgres(programs(scratch), scratch, free_port())
        server.make()
        server.start()
        try:
            migrated.migrate({"DATABASE_URL": server.address})
        finally:
            server.stop()
        shutil.copytree(server.data, made)
    finally:
        shutil.rmtree(scratch)
