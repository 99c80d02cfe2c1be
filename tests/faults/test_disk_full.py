"""The disk is full: an entry that is lost without a word, or an alarm that is not shown, harms.

What cannot be written is refused in words, its alarm stands on the screens all the same, what is
there is read, and once there is room everything goes on by itself, with the gap on the record.
"""

import http.client
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from tests.faults.clinics import with_tables
from tests.faults.nurses import entry
from tests.faults.pg_server import OwnPostgres, own_postgres
from tests.faults.small_disk import SmallDisk, small_disk
from tests.faults.ward import Ward
from tests.faults.watching import Watching

pytestmark = pytest.mark.fault

BACK_WITHIN_S = 10
FULL_FOR_S = 14  # longer than a loop's beat may be late
SHOWN_WITHIN_S = 3
GOOD = {"kind": "vitals", "spo2": "98", "rr": "14"}


def _on_small_disk(server: OwnPostgres, disk: SmallDisk) -> None:
    """The tables alone: what PostgreSQL writes ahead has room."""
    server.stop()
    shutil.move(server.data / "base", disk.place / "base")
    (server.data / "base").symlink_to(disk.place / "base")
    server.hand_over(disk.place)
    server.start()


@pytest.fixture(params=["sqlite", "postgresql"])
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Ward, SmallDisk]]:
    """A clinic whose records stand on a small disk."""
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(96))
        if request.param == "sqlite":
            ward = stack.enter_context(Ward(with_tables(disk.place)))
        else:
            server = stack.enter_context(own_postgres())
            _on_small_disk(server, disk)
            ward = stack.enter_context(Ward(tmp_path, database=server.address))
        ward.fill(sessions=1, nurses=2)
        ward.start()
        ward.wait_for(200, within_s=30)
        yield ward, disk
        ward.stop()


def _get(ward: Ward, path: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", ward.port(), timeout=15)) as link:
        link.request("GET", path, headers=ward.headers(0) | {"Accept": "text/html"})
        answer = link.getresponse()
        return answer.status, answer.read().decode()


def _until(found: Any, within_s: float) -> float:
    began = time.monotonic()
    while not found():
        assert time.monotonic() - began < within_s, found
        time.sleep(0.1)
    return time.monotonic() - began


@pytest.mark.hazard(7)
@pytest.mark.hazard(18)
def test_a_full_disk_refuses_in_words_and_hides_no_alarm(small: tuple[Ward, SmallDisk]) -> None:
    ward, disk = small
    viewer = Watching(ward, 0, 1)
    viewer.start()
    _until(lambda: viewer.panel, 10)
    disk.fill()
    refused = entry("chart/", kind="vitals", spo2="84")
    for _ in range(400):  # what is left of a table's last page is still written to
        status, told = ward.post(0, 0, refused.path, refused.told)
        if status != 200:
            break
        refused = entry("chart/", kind="vitals", spo2="84" if _ % 2 else "83")
    assert status == 503
    assert told["error"].startswith("Not saved: the clinic's disk is full")
    _until(lambda: "Very low oxygen" in viewer.panel, SHOWN_WITHIN_S)
    status, page = _get(ward, ward.sessions[0]["path"])
    assert status == 200
    assert "Very low oxygen" in page
    full_until = time.monotonic() + FULL_FOR_S
    while time.monotonic() < full_until:
        assert time.time() - viewer.spoken_at < BACK_WITHIN_S, "the console heard nothing more"
        time.sleep(0.5)
    disk.free()
    back_s = _until(lambda: ward.post(0, 0, refused.path, refused.told)[0] == 200, BACK_WITHIN_S)
    back_s += _until(lambda: ward.health()[0] == 200, BACK_WITHIN_S - back_s)
    back_s += _until(lambda: _gaps(ward), BACK_WITHIN_S - back_s)
    (since, until), *more = _gaps(ward)
    assert not more
    assert until > since
    _until(lambda: "Not on record yet" not in viewer.panel, 5)
    _until(lambda: "system was down" in viewer.panel, 5)
    assert ward.verifies()


def _gaps(ward: Ward) -> list[tuple[str, str]]:
    found = ward.rows("SELECT body FROM dosing_sessionevent WHERE kind = 'outage'")
    bodies = [json.loads(body) if isinstance(body, str) else body for (body,) in found]
    return [(body["since"], body["until"]) for body in bodies]
