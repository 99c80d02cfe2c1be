"""A number says its unit in its name, so that nobody reads pounds as kilograms.

Looked at: annotated numbers of dataclasses and other classes, and Django's numeric model fields.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.repo.tree import ROOT, parsed, plant

TABLE = tomllib.loads((Path(__file__).parent / "units.toml").read_text(encoding="utf-8"))
WORDS, QUALIFIERS = "|".join(TABLE["units"] + TABLE["unitless"]), "|".join(TABLE["qualifiers"])
KNOWN = re.compile(rf"(^|_)(({WORDS})(_({QUALIFIERS}))?|at_least|at_most)$")
NUMBERS = {"int", "float", "Decimal", "None", "Optional", "Final", "ClassVar"}
MODEL_FIELD = re.compile(
    r"(models\.)?((Positive)?(Small|Big)?Integer|Decimal|Float|Duration)Field$"
)


def is_number(annotation: ast.expr) -> bool:
    """Whether an annotation is a number, perhaps with None; containers are not looked into."""
    words = set(re.findall(r"\w+", ast.unparse(annotation))) - {"decimal", "typing"}
    return bool(words & {"int", "float", "Decimal"}) and words <= NUMBERS


def numeric_field(node: ast.stmt) -> str:
    """The name a statement of a class body gives to a number, or ""."""
    match node:
        case ast.AnnAssign(target=ast.Name(id=name), annotation=kind) if is_number(kind):
            return name
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=func)):
            return name if MODEL_FIELD.search(ast.unparse(func)) else ""
    return ""


def numeric_fields(module: ast.Module) -> Iterator[tuple[int, str]]:
    for klass in (node for node in ast.walk(module) if isinstance(node, ast.ClassDef)):
        yield from ((node.lineno, name) for node in klass.body if (name := numeric_field(node)))


def has_unit(name: str) -> bool:
    return bool(KNOWN.search(name.lower().strip("_")))


def offences(root: Path) -> list[str]:
    return [
        f"{name}:{line}: `{field}` is a number without a unit; see tests/repo/units.toml."
        for name, module in parsed(root, "src")
        for line, field in numeric_fields(module)
        if not has_unit(field) and field not in TABLE["exceptions"].get(name, [])
    ]


def test_every_number_says_its_unit() -> None:
    assert offences(ROOT) == []


def test_a_number_without_a_unit_is_found(tmp_path: Path) -> None:
    text = """
class Dose:
    weight: Decimal | None = None
    weight_kg: Decimal
    score: int
    days_ago: int
    ago_days_since: float
    name: str
    by_day: dict[str, int]
    heart_rate = models.PositiveSmallIntegerField(null=True)
    heart_rate_bpm = models.IntegerField()
"""
    plant(tmp_path, {"src/kapstone/dose.py": text})
    assert [line.split("`")[1] for line in offences(tmp_path)] == [
        "weight",
        "ago_days_since",
        "heart_rate",
    ]
