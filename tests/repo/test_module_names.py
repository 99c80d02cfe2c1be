"""A module is named for what it holds; a drawer for everything has no name."""

from pathlib import Path

from tests.repo.tree import ROOT, files, plant

FORBIDDEN = {"util", "utils", "helper", "helpers", "service", "services", "common", "manager",
             "managers", "misc", "signals"}  # fmt: skip


def offences(root: Path) -> list[str]:
    found = []
    for name, path in files(root, "src tests scripts bench", ".py", ".js", ".html", ".css"):
        words = {Path(part).stem for part in path.relative_to(root).parts}
        words |= {word for word in words for word in word.split("_")}
        found += [f"{name}: named `{word}`." for word in sorted(words & FORBIDDEN)]
    return found


def test_every_module_has_a_name_of_its_own() -> None:
    assert offences(ROOT) == []


def test_a_drawer_is_found(tmp_path: Path) -> None:
    plant(tmp_path, {"src/a/utils.py": "", "src/common/a.py": "", "src/date_helpers.py": ""})
    plant(tmp_path, {"src/clinic/site/manage.py": "", "src/clinic/dosing/alarms.py": ""})
    assert [line.split(":")[0] for line in offences(tmp_path)] == [
        "src/a/utils.py",
        "src/common/a.py",
        "src/date_helpers.py",
    ]
