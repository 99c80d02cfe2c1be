"""Reading a source tree: what the laws of this folder share.

Every law is a function of the tree's root, so that a test can plant a small tree that breaks it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {"__pycache__", "migrations", "node_modules"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(root: Path, folders: str, *suffixes: str) -> Iterator[tuple[str, Path]]:
    """(path from the root, file) below the space-separated folders, without generated code."""
    for folder in folders.split():
        start = root / folder
        for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
            if path.is_file() and path.suffix in suffixes and not SKIPPED & set(path.parts):
                yield path.relative_to(root).as_posix(), path


def parsed(root: Path, folders: str) -> Iterator[tuple[str, ast.Module]]:
    """(path from the root, syntax tree) of the Python files."""
    for name, path in files(root, folders, ".py"):
        yield name, ast.parse(path.read_text(encoding="utf-8"), filename=name)


def functions(root: Path, folders: str) -> Iterator[tuple[str, Function]]:
    """(path from the root, function) for each function and method."""
    for name, module in parsed(root, folders):
        for node in ast.walk(module):
            if isinstance(node, Function):
                yield name, node


def full_names(module: ast.Module) -> dict[str, str]:
    """Local name → what it was imported as: ``{"dt": "datetime.datetime"}``."""
    names = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                names[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def dotted(node: ast.AST, names: dict[str, str]) -> str:
    """``datetime.datetime.now`` for an expression such as ``dt.now``; "" for anything else."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        before = dotted(node.value, names)
        return f"{before}.{node.attr}" if before else ""
    return ""


def imported(module: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, full name) of every import, wherever in the file it stands."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def belongs(name: str, packages: set[str]) -> bool:
    """Whether a full name is one of the packages or lies inside one."""
    parts = name.split(".")
    return any(".".join(parts[:length]) in packages for length in range(1, len(parts) + 1))


def plant(root: Path, tree: dict[str, str]) -> Path:
    """Write a small tree, path → text, and return its root."""
    for name, text in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
