"""No function asks for more than six things.

`self` and `cls` are free. Everything else counts one: positional, keyword-only (`by` and `at`
too), `*args` and `**kwargs`. Past six, the values want a frozen dataclass.
"""

import ast
from pathlib import Path

from tests.repo.tree import ROOT, Function, functions, plant

MOST = 6


def count(function: Function) -> int:
    given: ast.arguments = function.args
    positional = [*given.posonlyargs, *given.args]
    bound = bool(positional) and positional[0].arg in ("self", "cls")
    stars = [star for star in (given.vararg, given.kwarg) if star]
    return len(positional) - bound + len(given.kwonlyargs) + len(stars)


def offences(root: Path) -> list[str]:
    return [
        f"{name}: {function.name} takes {count(function)} parameters, at most {MOST}."
        for name, function in functions(root, "src tests scripts bench")
        if count(function) > MOST
    ]


def test_every_function_asks_for_few_things() -> None:
    assert offences(ROOT) == []


def test_a_seventh_parameter_is_found(tmp_path: Path) -> None:
    text = "class A:\n def fine(self, a, b, c, d, *, by, at): ...\n"
    text += "async def f(a, b, /, c, d, *rest, by, at): ...\n"
    plant(tmp_path, {"src/a.py": text})
    assert offences(tmp_path) == ["src/a.py: f takes 7 parameters, at most 6."]
