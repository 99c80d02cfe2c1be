"""One change at a time to a comparison or a figure, of code or of a table, as the file would read.

Of code: each comparison becomes its neighbour (< and <=, == and !=), each truth its opposite, each
number one more and one less, each figure in quotes one step of its last place more and less. Of a
TOML or JSON table: each number and figure likewise, and each comparison in quotes or in a `when`.
"""

import ast
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

SWAPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
WRITTEN = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "is": "is not",
           "is not": "is"}  # fmt: skip
# How a value is stored or a helper is called, not what is said: no test can tell them apart.
STORAGE = {"frozen", "slots", "strict", "maxsize", "init", "repr", "order", "kw_only", "compare",
           "indent", "n", "ensure_ascii", "sort_keys"}  # fmt: skip
FIGURE = re.compile(r"\d+(\.\d+)?")
# What is passed over whole, so that no number within it is taken for a figure: names, notes, words.
_TOKEN = re.compile(
    r'"?version"? *[=:] *"[^"]*"|\bwhen = "(?P<when>[^"]*)"|"(?P<text>(?:[^"\\\n]|\\.)*)"'
    r"|#[^\n]*|[A-Za-z_][\w-]*|(?P<number>-?\d[\d.]*)"
)
_IN_WHEN = re.compile(
    r"(?P<op>[=!<>]=|[<>]|\bis not\b|\bis\b)|[A-Za-z_][\w.-]*|(?P<number>\d[\d.]*)"
)

_NAMED = re.compile(r'^(?:(?:id|key|name) = "([^"]+)"|(\w+) = \{ mg = ".*)$', re.MULTILINE)


@dataclass(frozen=True)
class Mutant:
    """A file with one change: how it then reads, and where and what the change is."""

    path: Path
    line: int
    what: str
    text: str
    row: str = ""  # of a table: the name of the row or questionnaire it stands in


def mutants(path: Path) -> Iterator[Mutant]:
    """Every change of one file."""
    text = path.read_text(encoding="utf-8")
    yield from (_of_code if path.suffix == ".py" else _of_table)(path, text)


def _of_code(path: Path, text: str) -> Iterator[Mutant]:
    tree, lines = ast.parse(text), text.splitlines()
    for node in list(_said(tree)):
        before = ast.unparse(node)
        for change in _changes(node):
            with change:
                what = f"{before} → {ast.unparse(node)} in {lines[node.lineno - 1].strip()}"
                yield Mutant(path, node.lineno, what, ast.unparse(tree))


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


def _changes(node: ast.Compare | ast.Constant) -> Iterator[AbstractContextManager[object]]:
    """Each change of a node, made while its context lasts."""
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            others = [*node.ops[:place], SWAPPED[type(op)](), *node.ops[place + 1 :]]
            yield patch.object(node, "ops", others)
    elif isinstance(node.value, bool):
        yield patch.object(node, "value", not node.value)
    elif isinstance(node.value, int | float):
        yield from (patch.object(node, "value", node.value + step) for step in (1, -1))
    elif isinstance(node.value, str) and FIGURE.fullmatch(node.value):
        yield from (patch.object(node, "value", other) for other in stepped(node.value))


def stepped(figure: str) -> tuple[str, str]:
    """A figure one step of its last place higher, and one lower: 0.25 → 0.26 and 0.24."""
    step = Decimal(1).scaleb(-len(figure.partition(".")[2]))
    return f"{Decimal(figure) + step:f}", f"{Decimal(figure) - step:f}"


def _of_table(path: Path, text: str) -> Iterator[Mutant]:
    for at, old, new in _told(text):
        line = text.count("\n", 0, at)
        what = f"{old} → {new} in {text.splitlines()[line].strip()}"
        yield Mutant(
            path, line + 1, what, text[:at] + new + text[at + len(old) :], row(path, text, at)
        )


def row(path: Path, text: str, at: int) -> str:
    """What tests call the row of a table, or the questionnaire, that a place belongs to."""
    if path.suffix == ".json":
        return path.stem.rpartition("-")[0]
    named = ["", *_NAMED.findall(text, 0, text.find("\n", at))]
    return "".join(named[-1])


def _told(text: str) -> Iterator[tuple[int, str, str]]:
    """Where a table says a figure or a comparison, what it says, and what it is changed to."""
    for found in _TOKEN.finditer(text):
        if found["when"]:
            yield from _in_when(found["when"], found.start("when"))
        if found["text"] in WRITTEN:
            yield found.start("text"), found["text"], WRITTEN[found["text"]]
        for name in ("number", "text"):
            if found[name] and FIGURE.fullmatch(found[name].removeprefix("-")):
                yield from ((found.start(name), found[name], new) for new in stepped(found[name]))


def _in_when(told: str, start: int) -> Iterator[tuple[int, str, str]]:
    for found in _IN_WHEN.finditer(told):
        at = start + found.start()
        if found["op"]:
            yield at, found[0], WRITTEN[found[0]]
        elif found["number"]:
            yield from ((at, found[0], new) for new in stepped(found[0]))
