"""`make docs`: writes the pages that come from code and data; `--check` only compares."""

import difflib
import sys
from collections.abc import Callable
from pathlib import Path

from scripts import hazards
from scripts.parts import ROOT

START, END = "<!-- written by `make docs`: start -->\n", "<!-- written by `make docs`: end -->\n"


def safety(root: Path) -> str:
    """SAFETY.md with the hazard table between its two marks."""
    text = (root / "SAFETY.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{hazards.table(root)}\n{END}{after}"


# page → the function that gives its whole text
PAGES: dict[str, Callable[[Path], str]] = {"SAFETY.md": safety}


def differences(root: Path) -> list[str]:
    """Lines of a diff between the pages as they are and as they should be."""
    found: list[str] = []
    for name, make in PAGES.items():
        path = root / name
        now = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        found += difflib.unified_diff(now, make(root).splitlines(), name, "generated", lineterm="")
    return found


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        changed = differences(ROOT)
        print("\n".join([*changed, "Run `make docs`."]) if changed else "Nothing to write again.")
        return 1 if changed else 0
    for name, make in PAGES.items():
        text = make(ROOT)
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
