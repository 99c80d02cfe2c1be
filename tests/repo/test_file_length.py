"""No file is longer than a reader holds in mind."""

from pathlib import Path

from tests.repo.tree import ROOT, files, plant

MAX_LINES = 300


def offences(root: Path) -> list[str]:
    found = []
    for name, path in files(root, "src tests scripts bench", ".py", ".html", ".css", ".js"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MAX_LINES:
            found.append(f"{name}: {lines} lines, at most {MAX_LINES}. Split it by noun.")
    return found


def test_every_file_is_short_enough() -> None:
    assert offences(ROOT) == []


def test_a_long_file_is_found(tmp_path: Path) -> None:
    plant(tmp_path, {"src/kapstone/short.py": "x = 1\n" * 300, "src/a.html": "<p>\n" * 301})
    assert [line.split(":")[0] for line in offences(tmp_path)] == ["src/a.html"]
