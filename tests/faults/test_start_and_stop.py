"""A demo that starts slowly or twice, or leaves something running, is not tried again."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.clinics import RunningClinic

pytestmark = pytest.mark.fault

DEMO = ("clinic.site.manage", "demo", "--port", "0")
LATER_START_S = 5


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a demo leaves that was killed as soon as its first start was done."""
    with RunningClinic(tmp_path_factory.mktemp("first"), DEMO) as clinic:
        clinic.start()
    return clinic.home


@pytest.fixture
def demo(first: Path, tmp_path: Path) -> Iterator[RunningClinic]:
    """A demo of this test's own, started from what the first one left."""
    with RunningClinic(shutil.copytree(first, tmp_path / "demo"), DEMO) as clinic:
        clinic.start()
        yield clinic


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_it_stopped_it_starts_again_in_time(
    demo: RunningClinic, how: signal.Signals
) -> None:
    demo.wait_for(200, within_s=10)
    printed = demo.stop(how)
    assert "Traceback" not in printed
    assert "Warning" not in printed
    log = demo.home / "clinic.sqlite3-wal"
    kept = log.stat().st_size if log.exists() else 0
    assert kept == 0 or how == signal.SIGKILL, "A copy of the database's one file would lack this."
    demo.start()
    assert demo.cpu_s() < LATER_START_S
    demo.wait_for(200, within_s=10)


def test_a_second_start_is_refused_and_harms_nothing(demo: RunningClinic) -> None:
    second = subprocess.run(
        [sys.executable, "-m", *DEMO],
        cwd=demo.home,
        env=demo.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert f"This clinic already runs at http://localhost:{demo.port()}/" in second.stderr
    demo.wait_for(200, within_s=10)


def test_the_demo_does_not_touch_a_real_clinics_place(tmp_path: Path) -> None:
    with RunningClinic(tmp_path, ("clinic.site.manage", "serve", "--port", "0")) as clinic:
        clinic.start()
        clinic.stop()
    before = (tmp_path / "clinic.sqlite3").read_bytes()
    refused = pytest.raises(AssertionError, match="may hold real people")
    with RunningClinic(tmp_path, DEMO) as demo, refused:
        demo.start()
    assert (tmp_path / "clinic.sqlite3").read_bytes() == before
