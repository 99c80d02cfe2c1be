"""The power goes while nurses chart: what the clinic had acknowledged is on disk.

The file system under the records drops whatever was not written. A control that does not wait for
the disk must lose acknowledged events, or this test could not see a loss.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.postgres import PostgresError
from tests.faults.charted import check_whole, lost
from tests.faults.clinics import with_tables
from tests.faults.cut_disk import CutDisk, cut_disk
from tests.faults.nurses import Nurse
from tests.faults.pg_server import OwnPostgres, own_postgres
from tests.faults.ward import Ward

pytestmark = pytest.mark.fault

NURSES, SESSIONS = 4, 2
SEED = 20261123
LATER = "Power is cut by `make faults`, as root."
DATABASES, FILE_SYSTEMS = ("sqlite", "postgresql"), ("ext4", "xfs")


@dataclass
class Scene:
    """A clinic, the disk under its records, and who charts."""

    ward: Ward
    server: OwnPostgres | None
    disk: CutDisk
    nurses: list[Nurse]

    def cut(self) -> float:
        """The power goes and comes back; after how many seconds the clinic serves again."""
        self.disk.cut()
        self.ward.stop(signal.SIGKILL)
        if self.server:
            self.server.kill_all()
        self.disk.unmount()
        began = time.monotonic()
        assert not self.disk.mount()
        if self.server:
            self.server.start()
        self.ward.start()
        return time.monotonic() - began

    def acknowledged(self) -> dict[str, int]:
        """What every nurse was told is charted."""
        return {id_: number for each in self.nurses for id_, number in each.acknowledged.items()}


@contextmanager
def _scene(home: Path, database: str, kind: str, *, unsafe: bool) -> Iterator[Scene]:
    with ExitStack() as stack:
        disk, server = stack.enter_context(cut_disk(kind)), None
        if database == "sqlite":
            home = with_tables(disk.place)
        else:
            options = ("fsync=off",) if unsafe else ()
            server = stack.enter_context(own_postgres(*options, place=disk.place))
        address = server.address if server else ""
        ward = stack.enter_context(Ward(home, database=address, unsafe=unsafe))
        ward.fill(SESSIONS, NURSES)
        os.sync()  # the people are there; what is tried is what comes now
        ward.start()
        nurses = [Nurse(ward, number % SESSIONS, number) for number in range(NURSES)]
        for each in nurses:
            each.start()
        yield Scene(ward, server, disk, nurses)
        for each in nurses:
            each.enough.set()
            each.join(30)


@pytest.mark.counts(small=0, middle=3, full=15)
@pytest.mark.parametrize("kind", FILE_SYSTEMS)
@pytest.mark.parametrize("database", DATABASES)
def test_a_power_cut_loses_nothing_that_was_acknowledged(
    tmp_path: Path,
    database: str,
    kind: str,
    fault_count: int,
    record_property: Callable[[str, object], None],
) -> None:
    if not fault_count:
        pytest.skip(LATER)
    chance, back_s = random.Random(SEED), []
    with _scene(tmp_path, database, kind, unsafe=False) as scene:
        for _ in range(fault_count):
            time.sleep(chance.uniform(0.5, 1.5))
            back_s.append(scene.cut())
            assert not lost(scene.ward, scene.acknowledged())
        for nurse in scene.nurses:
            nurse.enough.set()
            nurse.join(30)
        check_whole(scene.ward, scene.nurses)
        assert scene.ward.verifies()
        kept = len(scene.acknowledged())
    assert kept > fault_count
    told = f"{database} on {kind}: {fault_count} power cuts, {kept} acknowledged events, 0 lost, "
    record_property("shown", f"{told}doubled or halved; back after {max(back_s):.1f} s at most.")


@pytest.mark.counts(small=0, middle=1, full=1)
@pytest.mark.parametrize("kind", FILE_SYSTEMS)
@pytest.mark.parametrize("database", DATABASES)
def test_the_control_that_does_not_wait_for_the_disk_loses(
    tmp_path: Path,
    database: str,
    kind: str,
    fault_count: int,
    record_property: Callable[[str, object], None],
) -> None:
    if not fault_count:
        pytest.skip(LATER)
    with _scene(tmp_path, database, kind, unsafe=True) as scene:
        time.sleep(2)
        told = scene.acknowledged()
        for nurse in scene.nurses:
            nurse.enough.set()
        gone = told.keys()
        with suppress(AssertionError, PostgresError):  # what it left may not even start
            scene.cut()
            gone = lost(scene.ward, told)
    record_property("shown", f"Control, {database} on {kind}: {len(gone)} of {len(told)} lost.")
    assert told
    assert gone, "nothing was lost where all should be: this test cannot see a loss"
