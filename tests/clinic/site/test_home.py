"""Two servers on one file could damage it; a secret others can read lets them sign in as anyone."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinic.site import home


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_first_start_makes_a_secret_that_only_this_account_reads(tmp_path: Path) -> None:
    place = tmp_path / "new" / "clinic"
    home.prepare("serve", {"CLINIC_HOME": str(place)})
    secret = place / "secret"
    assert len(secret.read_text()) >= 48
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    written = secret.read_text()
    home.prepare("serve", {"CLINIC_HOME": str(place)})
    assert secret.read_text() == written, "a new secret would sign everybody out"


def test_what_a_server_writes_no_other_account_reads(tmp_path: Path) -> None:
    home.prepare("serve", {"CLINIC_HOME": str(tmp_path)})
    (tmp_path / "clinic.sqlite3").write_text("rows")
    assert stat.S_IMODE((tmp_path / "clinic.sqlite3").stat().st_mode) == 0o600


def test_the_demo_has_a_place_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    environ: dict[str, str] = {}
    home.prepare("demo", environ)
    assert environ == {"CLINIC_DEMO": "1", "CLINIC_HOME": "var/demo"}
    assert (tmp_path / "var/demo/secret").is_file()


def test_other_commands_make_nothing(tmp_path: Path) -> None:
    environ = {"CLINIC_HOME": str(tmp_path / "clinic")}
    home.prepare("migrate", environ)
    assert environ == {"CLINIC_HOME": str(tmp_path / "clinic")}
    assert not (tmp_path / "clinic").exists()


def test_a_second_server_is_refused_and_told_where_the_first_is(tmp_path: Path) -> None:
    with home.only_server(tmp_path) as note:
        with pytest.raises(home.AlreadyRunning, match="an address it has not yet opened"):
            _start(tmp_path)
        note("http://localhost:8001/")
        with pytest.raises(home.AlreadyRunning, match="already runs at http://localhost:8001/"):
            _start(tmp_path)
    _start(tmp_path)


def _start(place: Path) -> None:
    with home.only_server(place):
        pass
