"""The hazard table of SAFETY.md: from docs/hazards.toml and the tests marked with a hazard."""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Hazard:
    """One hazard. severity: 1 to 5. rooms: the modules whose code holds it down."""

    number: int
    name: str
    severity: int
    cause: str
    control: str
    rooms: tuple[str, ...]


def read(root: Path) -> list[Hazard]:
    table = tomllib.loads((root / "docs" / "hazards.toml").read_text(encoding="utf-8"))
    return [Hazard(**{**row, "rooms": tuple(row["rooms"])}) for row in table["hazard"]]


def built(root: Path, room: str) -> bool:
    """Whether a room has code: its module or package exists under src."""
    place = root / "src" / Path(*room.split("."))
    return place.with_suffix(".py").is_file() or any(place.rglob("*.py"))


def marks(node: ast.AST) -> Iterator[int]:
    """The hazards that a decorator or a `pytestmark` names."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.hazard":
            for argument in call.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, int):
                    yield argument.value


def marked(node: ast.AST, prefix: str, before: frozenset[int]) -> Iterator[tuple[int, str]]:
    """(hazard, test) for each test below a module or class that already names some."""
    body: list[ast.stmt] = getattr(node, "body", [])
    for line in body:
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "pytestmark":
            before |= set(marks(line.value))
    for line in body:
        if isinstance(line, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            own = before | {number for mark in line.decorator_list for number in marks(mark)}
            name = f"{prefix}::{line.name}"
            if isinstance(line, ast.ClassDef):
                yield from marked(line, name, own)
            elif line.name.startswith("test"):
                yield from ((number, name) for number in own)


def tests(root: Path) -> dict[int, list[str]]:
    """Hazard → the tests that hold it down. Source: the marks in the tests' own text."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in sorted((root / "tests").rglob("test_*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        for number, test in marked(module, path.relative_to(root).as_posix(), frozenset()):
            found[number].append(test)
    return found


def offences(root: Path) -> list[str]:
    """Hazards of a built room that no test holds, and marks that name no hazard."""
    hazards, held = read(root), tests(root)
    known = {hazard.number for hazard in hazards}
    found = []
    for hazard in hazards:
        rooms = [room for room in hazard.rooms if built(root, room)]
        if rooms and not held.get(hazard.number):
            found.append(
                f"Hazard {hazard.number} ({hazard.name}): {', '.join(rooms)} is built, but no test "
                f"is marked @pytest.mark.hazard({hazard.number})."
            )
    unknown = sorted(set(held) - known)
    found += [
        f"{held[number][0]} names hazard {number}, which is not listed." for number in unknown
    ]
    return found


def table(root: Path) -> str:
    """The table, the tests below it, and what is not built yet."""
    held = tests(root)
    now = [hazard for hazard in read(root) if any(built(root, room) for room in hazard.rooms)]
    lines = ["| no. | hazard | severity | cause | control | rooms |", "| --- " * 6 + "|"]
    for hazard in now:
        rooms = ", ".join(
            f"`{room}`" if built(root, room) else f"`{room}` (not yet built)"
            for room in hazard.rooms
        )
        cells = (hazard.number, hazard.name, hazard.severity, hazard.cause, hazard.control, rooms)
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    lines += ["", "Tests that hold each:", ""]
    for hazard in now:
        names = ", ".join(f"`{name}`" for name in held.get(hazard.number, [])) or "**none**"
        lines.append(f"- {hazard.number}: {names}")
    later = [hazard for hazard in read(root) if hazard not in now]
    lines += ["", "Not yet built:", ""]
    lines += [f"- {hazard.number}. {hazard.name} (severity {hazard.severity})" for hazard in later]
    return "\n".join(lines) + "\n"
