"""Changes one comparison or constant of the core at a time, and asks whether any test notices.

    python -m scripts.mutants [MODULE ...] [--write]

A module is named from `kapstone`: eligibility.facts. Without one, every module of the three rooms
is tried: hours, as part of `make soak`. Exit 1 while a change goes unnoticed. Nothing on disk is
changed: each mutant lives in a process of its own. mutmut 3 was considered, not tried: it is said
to change only what stands inside functions, and most of our limits stand outside.
"""

import argparse
import ast
import os
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

from scripts.parts import ROOT

ROOMS = {
    "eligibility": ("tests/core/eligibility", "tests/spec/test_eligibility_rows.py",
                    "tests/spec/test_medicine_names.py"),
    "dose": ("tests/core", "tests/spec/test_dose_limits.py", "tests/spec/test_dose_slips.py"),
    "instruments": ("tests/core/instruments",),
}  # fmt: skip
LONGEST_S = 240  # a mutant that runs for ever is noticed too
PYTEST = ("-c", "scripts/core.ini", "--rootdir", ".", "-p", "scripts.without_django", "-x", "-q",
          "--no-header", "-p", "no:randomly")  # fmt: skip
SWAPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
# How a value is stored or a helper is called, not what is said: no test can tell them apart.
STORAGE = {
    "frozen",
    "slots",
    "strict",
    "maxsize",
    "init",
    "repr",
    "order",
    "kw_only",
    "indent",
    "n",
}
FIGURE = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True)
class Mutant:
    """One change: the module's tree with it, and where and what it is."""

    module: str
    tree: ast.Module
    line: int
    what: str


def path_of(module: str) -> Path:
    return ROOT / "src" / "kapstone" / (module.replace(".", "/") + ".py")


def mutants(module: str) -> Iterator[Mutant]:
    """Every change of one comparison or constant of a module."""
    tree = ast.parse(path_of(module).read_text(encoding="utf-8"))
    for number, node in enumerate(_said(tree)):
        for change in range(len(node.ops) if isinstance(node, ast.Compare) else 1):
            copy = deepcopy(tree)
            changed = list(_said(copy))[number]
            before = ast.unparse(changed)
            if _mutate(changed, change):
                ast.fix_missing_locations(copy)
                yield Mutant(module, copy, node.lineno, f"{before} → {ast.unparse(changed)}")


def _said(tree: ast.AST) -> Iterator[ast.Compare | ast.Constant]:
    """Comparisons and constants that say something: no decorator, annotation or docstring."""
    if isinstance(tree, ast.Compare | ast.Constant):
        yield tree
    for name, value in ast.iter_fields(tree):
        if name in ("decorator_list", "annotation", "returns"):
            continue
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, ast.AST) and not _unsaid(inner):
                yield from _said(inner)


def _unsaid(node: ast.AST) -> bool:
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return docstring or (isinstance(node, ast.keyword) and node.arg in STORAGE)


def _mutate(node: ast.Compare | ast.Constant, change: int) -> bool:
    if isinstance(node, ast.Compare):
        node.ops[change] = SWAPPED[type(node.ops[change])]()
        return True
    if isinstance(node.value, bool):
        node.value = not node.value
    elif isinstance(node.value, int | float):
        node.value += 1
    elif isinstance(node.value, str) and FIGURE.fullmatch(node.value):
        node.value = _next(node.value)
    else:
        return False
    return True


def _next(figure: str) -> str:
    """The figure one step of its last digit higher: 0.25 → 0.26."""
    places = len(figure.partition(".")[2])
    return f"{float(figure) + 10**-places:.{places}f}"


class Changed(SourceFileLoader):
    """Loads a module as the mutant has it."""

    tree: ast.Module

    def get_code(self, fullname: str) -> object:  # type: ignore[override]  # a code object
        return compile(self.tree, self.path, "exec")


class Finder:
    """Finds the one module that is changed; everything else is found as ever."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant, self.name = mutant, f"kapstone.{mutant.module}"

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self.name:
            return None
        loader = Changed(name, str(path_of(self.mutant.module)))
        loader.tree = self.mutant.tree
        return spec_from_file_location(name, loader.path, loader=loader)


def noticed(mutant: Mutant) -> bool:
    """Whether a test of its room fails, or never ends."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(LONGEST_S)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    sys.meta_path.insert(0, Finder(mutant))  # type: ignore[arg-type]  # has what is called
    import pytest

    os._exit(int(pytest.main([*PYTEST, *ROOMS[mutant.module.partition(".")[0]]])))


def sound(module: str) -> bool:
    """Whether the tests of a module's room pass while nothing is changed."""
    tree = ast.parse(path_of(module).read_text(encoding="utf-8"))
    return not noticed(Mutant(module, tree, 0, "nothing"))


def modules() -> list[str]:
    """Every module of the rooms, by its name under kapstone."""
    src = ROOT / "src" / "kapstone"
    found = (path for room in ROOMS for path in sorted((src / room).glob("*.py")))
    return [path.relative_to(src).with_suffix("").as_posix().replace("/", ".") for path in found]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("modules", nargs="*", help="such as eligibility.facts; all without one")
    parser.add_argument("--write", action="store_true", help="keep docs/evidence/mutants.md")
    options = parser.parse_args()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.chdir(ROOT)
    lines, left, chosen = [], 0, options.modules or modules()
    for room in sorted({module.partition(".")[0] for module in chosen}):
        if not sound(f"{room}.command"):
            raise SystemExit(f"Mend first: the tests of {room} fail with nothing changed.")
    for module in chosen:
        tried = list(mutants(module))
        with ThreadPoolExecutor(os.cpu_count()) as both:
            found = list(both.map(noticed, tried))
        alive = [each for each, seen in zip(tried, found, strict=True) if not seen]
        left += len(alive)
        lines.append(f"| {module} | {len(tried)} | {len(tried) - len(alive)} |")
        print(f"{module}: {len(tried)} changed, {len(alive)} unnoticed", flush=True)
        for each in alive:
            print(f"  line {each.line}: {each.what}", flush=True)
            lines.append(f"| {module}, line {each.line}: `{each.what}` | | unnoticed |")
    if options.write:
        text = "# mutants\n\nWritten by `make soak`: `python -m scripts.mutants --write`.\n\n"
        table = "| module | changed | noticed |\n| --- | --- | --- |\n" + "\n".join(lines)
        (ROOT / "docs" / "evidence" / "mutants.md").write_text(text + table + "\n", "utf-8")
    return int(left > 0)


if __name__ == "__main__":
    sys.exit(main())
