"""A demo made by another version of the tables is set aside, and a new one made.

Invented people are cheap. A real clinic's database is never moved: it is migrated, when asked.
"""

from hashlib import sha256
from pathlib import Path

from django.apps import apps

DATABASE, NOTE, OLDER = "clinic.sqlite3", "shape", "clinic.older.sqlite3"


def shape() -> str:
    """Another one when any migration of any room is another."""
    known = sha256()
    for app in sorted(apps.get_app_configs(), key=lambda each: each.name):
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            known.update(f"{app.name} {path.name} ".encode() + path.read_bytes())
    return known.hexdigest()


def keep(home: Path) -> None:
    """Note which tables the demo of this directory is made with."""
    (home / NOTE).write_text(shape(), encoding="ascii")


def set_aside(home: Path) -> Path | None:
    """Move the demo's file away if it was made with other tables; where it is now, or None.

    The caller holds the directory, knows that the file is a demo's, and has closed it.
    """
    note, made = home / NOTE, home / DATABASE
    if not made.exists() or (note.is_file() and note.read_text(encoding="ascii") == shape()):
        return None
    for end in ("-wal", "-shm"):  # what a killed server left goes where its file goes
        if (beside := Path(f"{made}{end}")).exists():
            beside.replace(home / f"{OLDER}{end}")
    return made.replace(home / OLDER)
