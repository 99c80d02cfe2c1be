"""A clinic killed while vital signs are charted: what it acknowledged is there once."""

import http.client
import json
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from tests.faults.clinics import RunningClinic, with_tables

pytestmark = pytest.mark.fault
SERVE = ("tests.faults.vitals_clinic", "serve")
CSRF = "a" * 32


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[RunningClinic]:
    """A clinic of this test's own, not started yet."""
    with RunningClinic(with_tables(tmp_path), SERVE) as clinic:
        yield clinic


def _make(clinic: RunningClinic) -> dict[str, str]:
    made = subprocess.run(
        [sys.executable, "-m", SERVE[0], "make"],
        cwd=clinic.home,
        env=clinic.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, str] = json.loads(made.stdout.splitlines()[-1])
    return told


class Nurse(threading.Thread):
    """Charts one reading after another and remembers which ones were acknowledged."""

    def __init__(self, clinic: RunningClinic, place: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self.clinic, self.place = clinic, place
        self.acknowledged: dict[str, int] = {}
        self.unanswered: list[dict[str, str]] = []
        self.gone = False

    def run(self) -> None:
        """Until the clinic is gone."""
        while not self.gone:
            oxygen = random.choice(["84", "97"])
            self.send({"kind": "vitals", "event_id": str(uuid4()), "spo2": oxygen})

    def send(self, entry: dict[str, str]) -> None:
        """One reading; unanswered ones are kept to be sent again."""
        status, body = post(self.clinic, self.place, entry)
        if status == 200:
            self.acknowledged[entry["event_id"]] = body["number"]
        elif status == 0:
            self.unanswered.append(entry)
            self.gone = True
        else:
            raise AssertionError(f"{status}: {body}")


def post(
    clinic: RunningClinic, place: dict[str, str], entry: dict[str, str]
) -> tuple[int, dict[str, Any]]:
    """Send one entry as a console's script does; status 0 when nobody answered."""
    body = {"shown_for": place["session"], "csrfmiddlewaretoken": CSRF} | entry
    link = http.client.HTTPConnection("127.0.0.1", clinic.port(), timeout=10)
    headers = {
        "Host": "localhost",
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{place['name']}={place['cookie']}; {place['csrf']}={CSRF}",
    }
    try:
        link.request("POST", place["path"], urlencode(body), headers)
        answer = link.getresponse()
        read = answer.read()
        return answer.status, json.loads(read) if answer.status < 300 else {"text": read.decode()}
    except (OSError, http.client.HTTPException, json.JSONDecodeError):
        return 0, {}
    finally:
        link.close()


def _kept(clinic: RunningClinic) -> sqlite3.Connection:
    return sqlite3.connect(clinic.home / "clinic.sqlite3")


def _check(clinic: RunningClinic, acknowledged: dict[str, int]) -> None:
    """Every acknowledged line once, under its number, no gap, and no line without its rest."""
    with _kept(clinic) as base:
        rows = base.execute("SELECT id, number FROM dosing_sessionevent ORDER BY number").fetchall()
        (last,) = base.execute("SELECT last_number FROM dosing_dosingsession").fetchone()
        audited = base.execute(
            "SELECT count(*) FROM people_auditentry WHERE action = 'session vitals'"
        ).fetchone()
        alarms = base.execute(
            "SELECT count(*) FROM dosing_raisedalarm WHERE tier != 'A1' AND alert_id IS NULL"
        ).fetchone()
        alerts = base.execute("SELECT count(*) FROM alerts_alert").fetchone()
        raised = base.execute(
            "SELECT count(*) FROM dosing_raisedalarm WHERE tier != 'A1'"
        ).fetchone()
    base.close()
    held = {str(id_): number for id_, number in rows}
    assert [number for _, number in rows] == list(range(1, last + 1))
    for event_id, number in acknowledged.items():
        assert held.get(event_id.replace("-", "")) == number, event_id
    assert audited == (len(rows),)
    assert alarms == (0,)
    assert alerts == raised


@pytest.mark.hazard(18)
@pytest.mark.counts(small=20, middle=50, full=200)
def test_a_kill_loses_and_doubles_no_acknowledged_reading(
    clinic: RunningClinic, fault_count: int
) -> None:
    place = _make(clinic)
    acknowledged: dict[str, int] = {}
    again: list[dict[str, str]] = []
    for _ in range(fault_count):
        clinic.start()
        nurses = [Nurse(clinic, place) for _ in range(3)]
        for entry in again:
            nurses[0].send(entry)
        for nurse in nurses:
            nurse.start()
        time.sleep(random.uniform(0.05, 0.6))
        clinic.stop(signal.SIGKILL)
        for nurse in nurses:
            nurse.join(15)
            acknowledged |= nurse.acknowledged
        again = [entry for nurse in nurses for entry in nurse.unanswered]
        _check(clinic, acknowledged)
    assert len(acknowledged) > fault_count
