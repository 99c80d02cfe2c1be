"""One SQLite file with every migration done, copied wherever a test needs a database.

The clinic's own `migrate` makes it, once for each state of the migrations. It is kept under var/,
under a name that follows from every file it depends on.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "var/tests"


def copy_to(place: Path) -> None:
    """A database of this name: every table and trigger, no row of ours."""
    KEPT.mkdir(parents=True, exist_ok=True)
    made = KEPT / f"migrated-{state()}.sqlite3"
    with (KEPT / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second worker waits instead of making its own
        if not made.exists():
            for older in KEPT.glob("migrated-*.sqlite3"):
                older.unlink()
            _make(made)
        shutil.copyfile(made, place)


def _sources() -> Iterator[Path]:
    yield from sorted(ROOT.glob("src/clinic/*/migrations/*.py"))
    yield from sorted(ROOT.glob("src/clinic/*/models.py"))
    yield ROOT / "src/clinic/people/append_only.py"
    yield ROOT / "src/clinic/site/settings.py"


def state() -> str:
    """Another one when a migration, or what a migration uses, is another."""
    known = sha256(f"{version('django')} {version('django-allauth')}".encode())
    for path in _sources():
        known.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return known.hexdigest()[:16]


def _make(made: Path) -> None:
    with tempfile.TemporaryDirectory(dir=KEPT) as home:
        migrate({"CLINIC_HOME": home})
        (Path(home) / "clinic.sqlite3").replace(made)


def migrate(where: Mapping[str, str]) -> None:
    """Bring every table into the database that these variables name."""
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    command = [sys.executable, "-m", "clinic.site.manage", "migrate", "--verbosity", "0"]
    environment = {
        **kept,
        "PYTHONPATH": str(ROOT / "src"),
        "CLINIC_SECRET": "of this one command alone, and no secret at all",
        "CLINIC_SMTP": "smtp://127.0.0.1:1",  # nobody is there, and nothing is sent
        **where,
    }
    subprocess.run(command, cwd=KEPT, env=environment, check=True)
