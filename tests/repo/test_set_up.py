"""The set-up of the venv: what makes it run again, and what it must not take away."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from scripts import front_end
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
    monkeypatch.setattr(front_end, "bring", lambda root, venv: "npm is not there")
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


def test_without_node_everything_else_is_set_up_and_it_is_said(
    venv: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """A clinic without Node would have no server at all; or believe that it records offline."""
    venv.set_up("run")
    assert venv.calls == [("clinic", "wording")]
    told = capsys.readouterr().out
    assert "could not be installed: npm is not there" in told
    venv.set_up("run")
    assert "npm is not there" in capsys.readouterr().out  # said again, and tried again
    assert len(venv.calls) == 1


def test_front_end_libraries_are_those_of_the_lock(tmp_path: Path) -> None:
    """A library that somebody changed on the way would run beside every session."""
    lock = json.loads((ROOT / "requirements" / "package-lock.json").read_text())
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    wanted = json.loads((ROOT / "requirements" / "package.json").read_text())["dependencies"]
    held = {name.removeprefix("node_modules/"): each["version"] for name, each in packages.items()}
    assert held == wanted
    sources = {name.partition("/")[0] for name in front_end.FILES.values()}
    assert sources <= wanted.keys()


def test_a_changed_lock_brings_them_anew_and_a_failure_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A half-placed library would fail at the chair, in the middle of a session."""
    plant(tmp_path, {"requirements/package.json": "{}", "requirements/package-lock.json": "{}"})
    plant(tmp_path, {"venv/x": ""})
    runs: list[int] = []

    def npm(command: tuple[str, ...], cwd: Path, **_: object) -> object:
        runs.append(1)
        plant(cwd, {f"node_modules/{each}": "code" for each in front_end.FILES.values()})
        return type("Done", (), {"returncode": len(runs) == 2})()

    monkeypatch.setattr(front_end.shutil, "which", lambda name: name)
    monkeypatch.setattr(front_end.subprocess, "run", npm)
    place = tmp_path / "venv" / front_end.PLACE
    assert front_end.bring(tmp_path, tmp_path / "venv") == ""
    assert front_end.bring(tmp_path, tmp_path / "venv") == ""
    assert (len(runs), (place / "idb.js").read_text()) == (1, "code")
    (tmp_path / "requirements" / "package-lock.json").write_text("changed")
    assert "status" in front_end.bring(tmp_path, tmp_path / "venv")
    assert not place.exists()
    assert front_end.bring(tmp_path, tmp_path / "venv") == ""
    assert len(runs) == 3
