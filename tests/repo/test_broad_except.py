"""Only the outermost level of the loop may swallow what it did not foresee.

Anywhere else a swallowed error is a reading, an answer or an alert that nobody knows was lost.
A handler that ends in a bare `raise` swallows nothing.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.repo.tree import ROOT, parsed, plant

LOOP = "src/clinic/site/ticker.py"
EVERYTHING = {"Exception", "BaseException"}


def passes_on(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def broad(module: ast.Module) -> Iterator[int]:
    for node in ast.walk(module):
        caught: list[ast.expr] = []
        if isinstance(node, ast.ExceptHandler) and not passes_on(node):
            if node.type is None:
                yield node.lineno
            else:
                caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
            caught = node.args
        if EVERYTHING & {ast.unparse(name) for name in caught}:
            yield node.lineno


def offences(root: Path) -> list[str]:
    return [
        f"{name}:{line}: catches everything; name what can go wrong."
        for name, module in parsed(root, "src scripts")
        if name != LOOP
        for line in broad(module)
    ]


def test_only_the_loop_catches_everything() -> None:
    assert offences(ROOT) == []


def test_each_way_of_catching_everything_is_found(tmp_path: Path) -> None:
    text = "try: ...\nexcept (ValueError, Exception): ...\ntry: ...\nexcept: ...\n"
    text += "with suppress(Exception): ...\ntry: ...\nexcept ValueError: ...\n"
    text += "try: ...\nexcept BaseException:\n    x = 1\n    raise\n"
    plant(tmp_path, {"src/clinic/a.py": text, LOOP: text})
    assert sorted(line.split(":")[1] for line in offences(tmp_path)) == ["2", "4", "5"]
