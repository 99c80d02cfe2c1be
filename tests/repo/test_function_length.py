"""No function is longer than one screen."""

from pathlib import Path

from tests.repo.tree import ROOT, functions, plant

MAX_LINES = 40


def offences(root: Path) -> list[str]:
    found = []
    for name, function in functions(root, "src tests scripts bench"):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > MAX_LINES:
            found.append(f"{name}: {function.name} has {lines} lines, at most {MAX_LINES}.")
    return found


def test_every_function_is_short_enough() -> None:
    assert offences(ROOT) == []


def test_a_long_function_is_found(tmp_path: Path) -> None:
    body = "    x = 1\n"
    plant(tmp_path, {"src/a.py": f"def fine():\n{body * 39}\nclass A:\n  def f(s):\n{body * 40}"})
    assert offences(tmp_path) == ["src/a.py: f has 41 lines, at most 40."]
