"""The clinic's directory: its secret, and the proof that one server at a time uses it."""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path

DEMO_HOME = "var/demo"


class AlreadyRunning(Exception):
    """Another server holds this directory."""


def prepare(command: str, environ: MutableMapping[str, str]) -> None:
    """Before the settings are read: a demo's own place, and a secret on the first start."""
    if command == "demo":
        environ["CLINIC_DEMO"] = "1"
        environ.setdefault("CLINIC_HOME", DEMO_HOME)
    if command in {"demo", "serve"}:
        os.umask(0o077)  # what the server writes, no other account of this machine reads
        make_home(Path(environ.get("CLINIC_HOME", "var/clinic")))


def make_home(home: Path) -> None:
    """The directory and a secret key that only this account can read, unless there is one."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        opened = os.open(home / "secret", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(opened, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))


@contextlib.contextmanager
def only_server(home: Path) -> Iterator[Callable[[str], None]]:
    """Hold the directory while a server runs; yields a function that notes its address.

    The lock is the operating system's and dies with the process, however that ends.
    """
    with (home / "running").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            address = file.read() or "an address it has not yet opened"
            raise AlreadyRunning(
                f"This clinic already runs at {address}: use that one, or stop it first. "
                f"(Its directory is {home}.)"
            ) from None
        note = _noter(file.fileno())
        note("")
        yield note


def _noter(descriptor: int) -> Callable[[str], None]:
    def note(address: str) -> None:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, address.encode())

    return note
