"""A plug-in of pytest, `-p scripts.without_django`: Django and the clinic cannot be imported.

It works in every worker, before the first test is read.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

ABSENT = ("django", "clinic")


class Absent(MetaPathFinder):
    """Answers as an interpreter does that has never heard of these packages."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {fullname!r} (kept out)", name=fullname)
        return None


sys.meta_path.insert(0, Absent())
