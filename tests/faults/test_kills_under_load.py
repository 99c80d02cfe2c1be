"""The clinic or its database dies while nurses chart: what was acknowledged is there once, whole.

Signs, taps, other drugs, pauses and stops of several nurses. Whoever got no answer sends the same
again. After each kill, readiness answers and a console's stream has caught up exactly.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

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


def _back(scene: Scene) -> bool:
    """Readiness answers, charting goes on, and the console has every line there is."""
    if scene.ward.health()[0] != 200:
        return False
    before = [len(nurse.acknowledged) + len(nurse.refused) for nurse in scene.nurses]
    until = time.monotonic() + 1
    while time.monotonic() < until:
        now = [len(nurse.acknowledged) + len(nurse.refused) for nurse in scene.nurses]
        if all(new > old for new, old in zip(now, before, strict=True)):
            break
        time.sleep(0.02)
    else:
        return False
    wanted = _last_number(scene.ward, 0)
    until = time.monotonic() + 1
    while time.monotonic() < until:
        if scene.viewer.seen and scene.viewer.seen[-1] >= wanted:
            return True
        time.sleep(0.02)
    return False


def _whole(scene: Scene) -> None:
    """Every acknowledged event once, under its number, with its audit; nothing half."""
    acknowledged: dict[str, int] = {}
    refused: set[str] = set()
    for nurse in scene.nurses:
        assert not nurse.problems
        acknowledged |= nurse.acknowledged
        refused |= nurse.refused
    rows = scene.ward.rows("SELECT id, session_id, number, kind FROM dosing_sessionevent")
    held = {plain(id_): number for id_, _, number, _ in rows}
    lost = {id_ for id_, number in acknowledged.items() if held.get(plain(id_)) != number}
    assert not lost
    assert not {plain(each) for each in refused} & held.keys(), "refused, and charted all the same"
    for where in scene.ward.sessions:
        numbers = sorted(n for _, session, n, _ in rows if plain(session) == plain(where["id"]))
        assert numbers == list(range(1, len(numbers) + 1))
    audited = scene.ward.rows(
        "SELECT subject FROM people_auditentry WHERE action LIKE 'session %' "
        "AND subject LIKE 'dosing.SessionEvent:%'"
    )
    told = Counter(plain(subject.rpartition(":")[2]) for (subject,) in audited)
    assert told == Counter(held.keys())
    _alarms_whole(scene.ward)


def _alarms_whole(ward: Ward) -> None:
    """Each alarm with its audit line, its alert, and somebody who is told."""
    raised = ward.rows("SELECT id, tier, alert_id FROM dosing_raisedalarm")
    audited = ward.rows("SELECT subject FROM people_auditentry WHERE action = 'raise_alarm'")
    told = Counter(plain(subject.rpartition(":")[2]) for (subject,) in audited)
    assert told == Counter(plain(id_) for id_, _, _ in raised)
    calling = ward.rows("SELECT DISTINCT alert_id FROM alerts_delivery")
    recipients = {plain(alert) for (alert,) in calling if alert}
    assert all(plain(alert) in recipients for _, tier, alert in raised if tier != "A1")
    standing = ward.rows(
        "SELECT r.session_id, r.rule, r.band, r.tier, count(*) FROM dosing_raisedalarm r "
        "WHERE NOT EXISTS (SELECT 1 FROM dosing_alarmstep s WHERE s.alarm_id = r.id "
        "AND s.kind = 'ended') GROUP BY 1, 2, 3, 4 HAVING count(*) > 1"
    )
    assert not standing, "one alarm stands twice"


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
        while not _back(scene):
            assert time.monotonic() - began < 3 * BACK_WITHIN_S, "it did not come back"
        back_s.append(time.monotonic() - began)
        assert scene.viewer.is_exact()
    for nurse in scene.nurses:
        nurse.enough.set()
        nurse.join(30)
    _whole(scene)
    assert scene.ward.verifies()
    kept = sum(len(nurse.acknowledged) for nurse in scene.nurses)
    where = "PostgreSQL" if scene.server else "SQLite"
    told = f"{where}: {fault_count} kills, {kept} acknowledged events, 0 lost, doubled or halved; "
    record_property("shown", f"{told}back after {max(back_s):.1f} s at most.")
    assert max(back_s) <= BACK_WITHIN_S
