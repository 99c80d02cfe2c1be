"""`make docs`: writes the pages that come from code and data; `--check` only compares."""

import difflib
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from scripts import hazards, notebook
from scripts.parts import ROOT

START, END = "<!-- written by `make docs`: start -->\n", "<!-- written by `make docs`: end -->\n"


Page = Callable[[Path], str]
PAGE_OF = {"people": "access"}  # rooms whose page has another name


def safety(root: Path) -> str:
    """SAFETY.md with the hazard table between its two marks."""
    text = (root / "SAFETY.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{hazards.table(root)}\n{END}{after}"


def pages() -> dict[str, Page]:
    """Page → the function that gives its whole text.

    The core offers `kapstone.generated.PAGES`, and `page()` in a room's own `page.py`.
    """
    found: dict[str, Page] = {"SAFETY.md": safety, notebook.TUTORIAL: notebook.executed}
    makers = dict(import_module("kapstone.generated").PAGES)
    for path in sorted(ROOT.glob("src/*/*/page.py")):
        package, room = path.parts[-3:-1]
        make = getattr(import_module(f"{package}.{room}.page"), "page", None)
        makers |= {f"{PAGE_OF.get(room, room)}.md": make} if make else {}
    return found | {f"docs/generated/{name}": rootless(make) for name, make in makers.items()}


def rootless(make: Callable[[], str]) -> Page:
    return lambda root: make()


def differences(root: Path, made: Mapping[str, Page]) -> list[str]:
    """Lines of a diff between the pages as they are and as they should be."""
    found: list[str] = []
    for name, make in made.items():
        path = root / name
        now = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        found += difflib.unified_diff(now, make(root).splitlines(), name, "generated", lineterm="")
    return found


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        changed = differences(ROOT, pages())
        print("\n".join([*changed, "Run `make docs`."]) if changed else "Nothing to write again.")
        return 1 if changed else 0
    for name, make in pages().items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(make(ROOT), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
