"""The import contracts of pyproject.toml hold, and break when a room looks the wrong way."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repo.tree import ROOT, plant

ROOMS = ("site", "chart", "dosing", "alerts", "people")


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-cache"],
        cwd=root,
        env={"PYTHONPATH": str(root / "src"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """A copy of the contracts over empty rooms."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    rooms = {f"src/clinic/{room}/__init__.py": "" for room in ROOMS}
    core = {f"src/kapstone/{name}.py": "" for name in ("errors", "findings", "risk", "ledger")}
    plant(tmp_path, {"src/clinic/__init__.py": "", "src/kapstone/__init__.py": "", **rooms, **core})
    return tmp_path


def test_the_contracts_hold_over_empty_rooms(small_house: Path) -> None:
    done = lint(small_house)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("src/kapstone/risk.py", "import clinic.people", "kapstone.risk -> clinic.people"),
        ("src/kapstone/risk.py", "import django.db", "kapstone.risk -> django"),
        ("src/kapstone/errors.py", "import kapstone.risk", "kapstone.errors -> kapstone.risk"),
        ("src/clinic/alerts/a.py", "import clinic.dosing", "clinic.alerts.a -> clinic.dosing"),
        ("src/clinic/drawer/__init__.py", "", "clinic.drawer"),
        ("src/kapstone/drawer.py", "", "kapstone.drawer"),
    ],
)
def test_a_wrong_import_breaks_one(small_house: Path, name: str, text: str, said: str) -> None:
    plant(small_house, {name: text})
    done = lint(small_house)
    assert done.returncode == 1
    assert said in done.stdout


def test_a_ring_among_the_rooms_of_the_core_breaks_one(small_house: Path) -> None:
    plant(
        small_house,
        {
            "src/kapstone/risk.py": "import kapstone.ledger",
            "src/kapstone/ledger.py": "import kapstone.risk",
        },
    )
    assert lint(small_house).returncode == 1
