"""Runs the core's tests in an interpreter where Django and the clinic cannot be imported."""

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


if __name__ == "__main__":
    sys.meta_path.insert(0, Absent())
    import pytest

    sys.exit(pytest.main(sys.argv[1:]))
