"""The set-up of the venv: what makes it run again, and what it must not take away."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from tests.repo.tree import ROOT, plant


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, pointed at an empty place, with its two slow steps recorded instead of done."""
    spec = importlib.util.spec_from_file_location("set_up", ROOT / "scripts" / "set_up.py")
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    locks = {
        f"requirements/{name}.txt": name
        for name in ("bootstrap", "clinic", "test", "oracles", "medicines", "wording")
    }
    plant(tmp_path, {**locks, ".venv/bin/python": "", ".venv/lib/python3/site-packages/x": ""})
    script.ROOT, script.VENV = tmp_path, tmp_path / ".venv"
    script.STAMP = script.VENV / "stamp.json"
    script.calls = []
    script.reachable = True

    def sync(names: list[str], more: dict[str, str] | None = None) -> None:
        if "wording" in names and not script.reachable:
            raise script.SetUpError("out of reach")
        script.calls.append(tuple(names))

    monkeypatch.setattr(script, "make_venv", lambda: None)
    monkeypatch.setattr(script, "sync", sync)
    return script


def test_a_second_run_does_nothing_until_a_lock_changes(venv: ModuleType) -> None:
    venv.set_up("run")
    venv.set_up("run")
    assert venv.calls == [("clinic", "wording")]
    (venv.ROOT / "requirements" / "clinic.txt").write_text("changed")
    venv.set_up("run")
    assert len(venv.calls) == 2


def test_running_after_testing_keeps_the_test_tools(venv: ModuleType) -> None:
    venv.set_up("test")
    (venv.ROOT / "requirements" / "clinic.txt").write_text("changed")
    venv.set_up("run")
    assert venv.calls == [("clinic", "test", "oracles", "medicines", "wording")] * 2


def test_testing_after_running_brings_them(venv: ModuleType) -> None:
    venv.set_up("run")
    venv.set_up("test")
    assert venv.calls[-1] == ("clinic", "test", "oracles", "medicines", "wording")


def test_wording_out_of_reach_stops_nothing_and_is_tried_again(venv: ModuleType) -> None:
    venv.reachable = False
    venv.set_up("run")
    assert venv.calls == [("clinic",)]
    venv.reachable = True
    venv.set_up("run")
    assert venv.calls[-1] == ("clinic", "wording")


def test_a_broken_stamp_is_no_stamp(venv: ModuleType) -> None:
    venv.STAMP.write_text("{")
    venv.set_up("run")
    assert json.loads(venv.STAMP.read_text())["set"] == "run"


def test_the_own_code_is_found_without_a_path_of_this_machine(venv: ModuleType) -> None:
    venv.set_up("run")
    packages = venv.VENV / "lib" / "python3" / "site-packages"
    written = (packages / "kapstone-src.pth").read_text().strip()
    assert written == "../../../../src"
    assert "kapstone.cli" in (venv.VENV / "bin" / "kapstone").read_text()
