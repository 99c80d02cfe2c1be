"""The clinic or its database dies while nurses chart: what was acknowledged is there once, whole.

Signs, taps, other drugs, pauses and stops of several nurses. Whoever got no answer sends the same
again. After each kill, readiness answers and a console's stream has caught up exactly.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.charted import check_whole
from tests.faults.clinics import with_tables
from tests.faults.nurses import Nurse, plain
from tests.faults.pg_server import OwnPostgres, own_postgres
from tests.faults.ward import Ward
from tests.faults.watching import Watching

pytestmark = pytest.mark.fault

BACK_WITHIN_S = 10
NURSES, SESSIONS = 4, 2
SEED = 20261123


@dataclass
class Scene:
    """A clinic, its database, who charts and who watches."""

    ward: Ward
    server: OwnPostgres | None
    nurses: list[Nurse]
    viewer: Watching

    def kill_clinic(self) -> None:
        """The server process; a service manager starts it again."""
        self.ward.stop(signal.SIGKILL)
        self.ward.start()

    def kill_database(self) -> None:
        """The whole database server; a service manager starts it again."""
        assert self.server
        self.server.kill()
        self.server.start()

    def kill_backend(self) -> None:
        """One connection's own process: PostgreSQL then ends all of them and recovers."""
        assert self.server
        found = self.server.backends()
        os.kill(random.choice(found), signal.SIGKILL)


def _scene(home: Path, server: OwnPostgres | None) -> Iterator[Scene]:
    with Ward(with_tables(home), database=server.address if server else "") as ward:
        ward.fill(SESSIONS, NURSES)
        ward.start()
        nurses = [Nurse(ward, number % SESSIONS, number) for number in range(NURSES)]
        viewer = Watching(ward, 0, 0)
        for each in (*nurses, viewer):
            each.start()
        yield Scene(ward, server, nurses, viewer)
        for each in (*nurses, viewer):
            each.enough.set()


@pytest.fixture(params=["sqlite", "postgresql"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """On each database."""
    with ExitStack() as stack:
        on_postgres = request.param == "postgresql"
        server = stack.enter_context(own_postgres()) if on_postgres else None
        yield from _scene(tmp_path, server)


def _last_number(ward: Ward, session: int) -> int:
    name = ward.sessions[session]["id"]
    found = ward.rows("SELECT id, last_number FROM dosing_dosingsession")
    return next(number for id_, number in found if plain(id_) == plain(name))


def _missing(scene: Scene) -> str:
    """What is not as before yet: readiness, charting, or the lines on the console."""
    status, _ = scene.ward.health()
    if status != 200:
        return f"readiness says {status}"
    before = [nurse.answered for nurse in scene.nurses]
    if not _within_a_second(
        lambda: all(n.answered > b for n, b in zip(scene.nurses, before, strict=True))
    ):
        return f"of {before} answers before: {[nurse.answered for nurse in scene.nurses]} now"
    wanted = _last_number(scene.ward, 0)
    if not _within_a_second(lambda: scene.viewer.last >= wanted):
        return f"the console has line {scene.viewer.last} of {wanted}"
    return ""


def _within_a_second(is_so: Callable[[], bool]) -> bool:
    until = time.monotonic() + 1
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.hazard(18)
@pytest.mark.counts(small=10, middle=50, full=100)
def test_a_kill_loses_doubles_and_halves_nothing(
    scene: Scene, fault_count: int, record_property: Callable[[str, object], None]
) -> None:
    ways = [scene.kill_clinic]
    if scene.server:
        ways += [scene.kill_database, scene.kill_backend]
    chance, back_s = random.Random(SEED), []
    for number in range(fault_count):
        time.sleep(chance.uniform(0.1, 0.6))
        began = time.monotonic()
        ways[number % len(ways)]()
        while missing := _missing(scene):
            assert time.monotonic() - began < 3 * BACK_WITHIN_S, f"kill {number}: {missing}"
        back_s.append(time.monotonic() - began)
        assert scene.viewer.is_exact()
    for nurse in scene.nurses:
        nurse.enough.set()
        nurse.join(30)
    check_whole(scene.ward, scene.nurses)
    assert scene.ward.verifies()
    kept = sum(len(nurse.acknowledged) for nurse in scene.nurses)
    where = "PostgreSQL" if scene.server else "SQLite"
    told = f"{where}: {fault_count} kills, {kept} acknowledged events, 0 lost, doubled or halved; "
    record_property("shown", f"{told}back after {max(back_s):.1f} s at most.")
    assert max(back_s) <= BACK_WITHIN_S
