"""A small file system of a test's own, to be filled: root alone may mount one."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

CHUNK = b"\0" * 65_536


@dataclass(frozen=True)
class SmallDisk:
    """Where it is mounted."""

    place: Path

    def fill(self) -> None:
        """Until it takes nothing more."""
        with suppress(OSError), (self.place / "filler").open("ab", buffering=0) as file:
            while file.write(CHUNK):
                pass
        with suppress(OSError), (self.place / "filler-2").open("ab", buffering=0) as file:
            while file.write(b"\0" * 512):
                pass

    def free(self) -> None:
        """There is room again."""
        (self.place / "filler").unlink()
        (self.place / "filler-2").unlink(missing_ok=True)


@contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk]:
    """A file system in memory; skips where it may not be made."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("Mounting takes root: run `sudo make test` to try a full disk.")
    place = Path(tempfile.mkdtemp(prefix="kapstone-disk-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        place.rmdir()
        pytest.skip(f"No file system may be mounted here ({made.stderr.strip()}).")
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
        place.rmdir()
