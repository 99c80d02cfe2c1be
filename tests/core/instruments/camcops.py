"""Scoring code of CamCOPS as an oracle, read out of the installed package's source.

The package cannot be imported here (its database layer is not installed), so the methods asked for
are taken out of a task's class and run on a plain object. Tests only; it is under the GPL.
"""

import ast
from collections.abc import Callable
from functools import cache
from importlib.metadata import distribution
from pathlib import Path


class Answered:
    """What the methods of a task need of their base."""

    def __init__(self, **fields: object) -> None:
        self.__dict__.update(fields)

    def sum_fields(self, fields: list[str]) -> int:
        return sum(getattr(self, field) for field in fields if getattr(self, field) is not None)


def strseq(prefix: str, first: int, last: int) -> list[str]:
    return [f"{prefix}{n}" for n in range(first, last + 1)]


@cache
def task(file: str, name: str, *methods: str) -> Callable[..., Answered]:
    """The class of a task with these methods and its constants alone."""
    path = distribution("camcops-server").locate_file(f"camcops_server/tasks/{file}.py")
    tree = ast.parse(Path(str(path)).read_text(encoding="utf-8"))
    found = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == name)
    body = [n for n in found.body if _is_constant(n) or getattr(n, "name", "") in methods]
    kept = ast.ClassDef(name, [ast.Name("Answered", ast.Load())], [], body, [])
    module = ast.fix_missing_locations(ast.Module([kept], []))
    names = {"Answered": Answered, "strseq": strseq, "cast": lambda _, value: value}
    exec(compile(module, str(path), "exec"), names)  # noqa: S102 - an installed, locked package
    return names[name]


def _is_constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and all(
        isinstance(each, ast.Name) and each.id.isupper() for each in node.targets
    )
