"""The core gives the same answer twice: no clock, no chance, no surroundings.

A clock in the core would make a late chart entry judged as if it had happened now.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.repo.tree import ROOT, belongs, dotted, full_names, parsed, plant

SURROUNDINGS = {"os.environ", "os.getenv", "os.urandom", "secrets", "uuid.uuid1", "uuid.uuid4"}
CLOCKS = {"now", "utcnow", "today"}
UNSEEDED = {"random.Random", "numpy.random.default_rng", "numpy.random.RandomState"}


def complaints(module: ast.Module) -> Iterator[tuple[int, str]]:
    names = full_names(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
            name = dotted(node, names)
            if name in SURROUNDINGS or (name.startswith("time.") and name != "time.struct_time"):
                yield node.lineno, name
        if isinstance(node, ast.Call):
            name = dotted(node.func, names)
            if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
                yield node.lineno, name or node.func.attr
            elif name in UNSEEDED:
                if not (node.args or node.keywords):
                    yield node.lineno, f"{name} without a seed"
            elif belongs(name, {"random", "numpy.random", "secrets", "uuid.uuid1", "uuid.uuid4"}):
                yield node.lineno, name


def offences(root: Path) -> list[str]:
    return [
        f"{name}:{line}: {what}. Take `now`, `at` or a seed as an argument."
        for name, module in parsed(root, "src/kapstone")
        for line, what in sorted(set(complaints(module)))
    ]


def test_the_core_reads_no_clock() -> None:
    assert offences(ROOT) == []


def test_each_kind_of_clock_is_found(tmp_path: Path) -> None:
    lines = [
        "import os, random, time",
        "from datetime import date, datetime as dt",
        "from time import monotonic",
        "from random import choice",
        "a = dt.now()",
        "b = date.today()",
        "c = time.time()",
        "d = monotonic()",
        "e = choice([1])",
        "f = random.Random()",
        "g = os.environ['A']",
        "fine = random.Random(7).random(), dt(2026, 1, 1), time_of_day",
    ]
    plant(tmp_path, {"src/kapstone/a.py": "\n".join(lines), "src/clinic/b.py": "\n".join(lines)})
    found = {line.split(":")[1] for line in offences(tmp_path)}
    assert found == {"5", "6", "7", "8", "9", "10", "11"}
