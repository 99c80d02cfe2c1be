"""A file system in a file, whose power can be cut: what was not on disk by then is gone.

The shutdown drops whatever the kernel had not written; root alone may do it.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

NEEDED = ("mount", "umount", "xfs_io", "mkfs.ext4", "mkfs.xfs")
MEGABYTES = 400  # the least that xfs takes is 300
INSTALL = "apt-get install xfsprogs"


@dataclass(frozen=True)
class CutDisk:
    """Where it is mounted, and the file that holds it."""

    place: Path
    image: Path

    def mount(self) -> str:
        """Plug it in; why not, where it may not be."""
        command = ["mount", "-o", "loop", str(self.image), str(self.place)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stderr.strip()

    def cut(self) -> None:
        """The power goes."""
        subprocess.run(["xfs_io", "-x", "-c", "shutdown", str(self.place)], check=True)

    def unmount(self) -> None:
        """Once nobody holds a file of it."""
        until = time.monotonic() + 20
        command = ["umount", str(self.place)]
        while subprocess.run(command, capture_output=True, check=False).returncode:
            assert time.monotonic() < until, "somebody still holds the disk"
            time.sleep(0.1)


@contextmanager
def cut_disk(kind: str) -> Iterator[CutDisk]:
    """A new file system of this kind; skips, and says what to run, where none may be made."""
    missing = [name for name in NEEDED if not shutil.which(name)]
    if os.geteuid() != 0 or missing:
        pytest.skip(f"A power cut takes root and {', '.join(NEEDED)}: {INSTALL}, then as root.")
    scratch = Path(tempfile.mkdtemp(prefix="kapstone-cut-"))
    scratch.chmod(0o755)
    disk = CutDisk(scratch / "disk", scratch / "image")
    disk.place.mkdir()
    with disk.image.open("wb") as file:
        file.truncate(MEGABYTES * 2**20)
    subprocess.run([f"mkfs.{kind}", "-q", str(disk.image)], check=True)
    if problem := disk.mount():
        shutil.rmtree(scratch)
        pytest.skip(f"No loop device here ({problem}). Run the fault tests on a machine with one.")
    try:
        yield disk
    finally:
        disk.unmount()
        shutil.rmtree(scratch)
