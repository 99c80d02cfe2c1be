"""The database stops or freezes, or the server dies: nobody may believe what was not kept.

What is charted meanwhile is refused in words and never called charted; consoles say that nothing
new arrives; with the cause gone all is back by itself, and every live session's record has the gap.
"""

import http.client
import io
import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.faults.clinics import with_tables
from tests.faults.nurses import entry
from tests.faults.pg_server import OwnPostgres, own_postgres
from tests.faults.ward import Ward
from tests.faults.watching import Watching

pytestmark = pytest.mark.fault

BACK_WITHIN_S, TOLD_WITHIN_S = 10, 5
AWAY_FOR_S = 13  # longer than a loop's beat may be late


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgres]:
    """The database of these tests."""
    with own_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def ward(server: OwnPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """A clinic on it."""
    with Ward(tmp_path_factory.mktemp("ward"), database=server.address) as ward:
        ward.fill(sessions=1, nurses=2)
        ward.start()
        ward.wait_for(200, within_s=30)
        yield ward


@pytest.fixture
def viewer(ward: Ward) -> Iterator[Watching]:
    """A console that follows."""
    viewer = Watching(ward, 0, 1)
    viewer.start()
    _until(lambda: bool(viewer.panel), 10)
    yield viewer
    viewer.enough.set()


def _until(found: Callable[[], bool], within_s: float) -> float:
    began = time.monotonic()
    while not found():
        assert time.monotonic() - began < within_s, "too late"
        time.sleep(0.1)
    return time.monotonic() - began


def _stop(server: OwnPostgres) -> Callable[[], None]:
    server.stop("immediate")
    return server.start


def _freeze(server: OwnPostgres) -> Callable[[], None]:
    frozen = server.processes()
    server.signal_all(frozen, signal.SIGSTOP)
    return lambda: server.signal_all(frozen, signal.SIGCONT)


def _gaps(ward: Ward) -> int:
    return len(ward.rows("SELECT 1 FROM dosing_sessionevent WHERE kind = 'outage'"))


@pytest.mark.hazard(6)
@pytest.mark.hazard(18)
@pytest.mark.parametrize("away", [_stop, _freeze], ids=["stopped", "frozen"])
def test_a_database_that_is_away_is_told_and_comes_back_by_itself(
    ward: Ward,
    server: OwnPostgres,
    viewer: Watching,
    away: Callable[[OwnPostgres], Callable[[], None]],
) -> None:
    before, began, refused = _gaps(ward), time.time(), entry("chart/", kind="vitals", spo2="97")
    ends = away(server)
    status, told = ward.post(0, 0, refused.path, refused.told)
    assert status in (0, 503)
    assert status == 0 or told["error"].startswith("It is not certain that this was saved")
    if away is _stop:
        _until(lambda: viewer.failed_at > began, TOLD_WITHIN_S)
    time.sleep(max(0.0, began + AWAY_FOR_S - time.time()))
    ends()
    back_at = time.monotonic() + BACK_WITHIN_S
    _until(lambda: ward.post(0, 0, refused.path, refused.told)[0] == 200, BACK_WITHIN_S)
    _until(lambda: ward.health()[0] == 200, back_at - time.monotonic())
    _until(lambda: _gaps(ward) == before + 1, back_at - time.monotonic())
    _until(lambda: "system was down" in viewer.panel, back_at - time.monotonic())
    assert viewer.is_exact()
    assert ward.verifies()


def _get(ward: Ward, path: str) -> bytes:
    with closing(http.client.HTTPConnection("127.0.0.1", ward.port(), timeout=30)) as link:
        link.request("GET", path, headers=ward.headers(0) | {"Accept": "text/html"})
        answer = link.getresponse()
        assert answer.status == 200
        return answer.read()


@pytest.mark.hazard(18)
def test_a_server_that_died_leaves_the_gap_on_the_record_and_its_paper(tmp_path: Path) -> None:
    with ExitStack() as stack:
        ward = stack.enter_context(Ward(with_tables(tmp_path)))
        ward.fill(sessions=2, nurses=2)
        ward.start()
        ward.wait_for(200, within_s=30)
        ward.stop(signal.SIGKILL)
        ward.start()
        _until(lambda: _gaps(ward) == 2, BACK_WITHIN_S)
        (body, *_) = ward.rows("SELECT body FROM dosing_sessionevent WHERE kind = 'outage'")
        told = json.loads(body[0])
        assert told["since"] < told["until"]
        record = ward.sessions[0]["path"] + "record/"
        paper = PdfReader(io.BytesIO(_get(ward, record + "pdf/")))
        for shown in (_get(ward, record).decode(), "".join(p.extract_text() for p in paper.pages)):
            assert "system was down" in " ".join(shown.split())
        audited = ward.rows("SELECT 1 FROM people_auditentry WHERE action = 'session outage'")
        assert len(audited) == 2
