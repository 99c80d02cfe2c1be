"""The clinic dies while somebody answers: what they were told is kept must be kept, and once.

Each round has a person of its own. The clinic is killed at a named commit or at a random moment,
looked at on disk, started again, and the person goes on to the end.
"""

import json
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pysqlite3
import pytest

from tests.faults.answering import ITEMS, MEANT, Answering
from tests.faults.clinics import RunningClinic, with_tables

pytestmark = pytest.mark.fault

ALERTS = {"phq9.si_frequent"}
POINTS = [
    f"{moment} {action}"
    for action in ("open_link 1", "save_answer 4", "save_answer 9", "raise_alert 1")
    for moment in ("before", "after")
] + ["before keep_response 1", "after keep_response 1"]
SEED = 20261122


@dataclass
class DyingClinic(RunningClinic):
    """Plain http, no mail, as many waiting links as there are rounds."""

    command: tuple[str, ...] = ("tests.faults.dying_clinic", "0")
    links: int = 1

    def environment(self) -> dict[str, str]:
        """What its process sees."""
        return super().environment() | {"CLINIC_DEMO": "1", "LINKS": str(self.links)}

    def rows(self, query: str, *values: str) -> list[tuple[object, ...]]:
        """What stands on disk."""
        with closing(pysqlite3.connect(str(self.home / "clinic.sqlite3"))) as disk:
            return list(disk.execute(query, values))

    def await_death(self) -> None:
        """It was killed, and nothing else happened to it."""
        self.process.wait(20)
        assert self.process.returncode == -signal.SIGKILL


@pytest.fixture
def clinic(tmp_path: Path, fault_count: int) -> Iterator[DyingClinic]:
    """Started once; the test kills it again and again."""
    with DyingClinic(with_tables(tmp_path), links=fault_count) as running:
        running.start()
        yield running


@pytest.mark.counts(small=20, middle=50, full=200)
@pytest.mark.hazard(10)
@pytest.mark.hazard(18)
def test_no_acknowledged_answer_and_no_alert_is_lost_or_doubled(clinic: DyingClinic) -> None:
    chance = random.Random(SEED)
    links = json.loads((clinic.home / "links.json").read_text())
    for number, (secret, assignment) in enumerate(links.items()):
        person = Answering(secret)
        _die_while(clinic, person, number, chance)
        _nothing_acknowledged_is_lost(clinic, person, assignment)
        clinic.order("")
        clinic.start()
        person.go_on(clinic.port())
        _all_is_there_once(clinic, assignment)
    assert _trail_is_whole(clinic)


def _die_while(clinic: DyingClinic, person: Answering, number: int, chance: random.Random) -> None:
    """A named commit in every second round, else a moment of chance."""
    named = number % 2 == 0
    if named:
        clinic.order(POINTS[number // 2 % len(POINTS)])
    timer = threading.Timer(chance.uniform(0.02, 1.5), clinic.process.kill)
    if not named:
        timer.start()
    try:
        person.go_on(clinic.port())
    except httpx.TransportError:
        pass
    else:
        assert not named, "the commit that was named never came"
    clinic.await_death()


def _nothing_acknowledged_is_lost(clinic: DyingClinic, person: Answering, assignment: str) -> None:
    kept = dict(_answers(clinic, assignment))
    assert person.kept.items() <= kept.items()
    if "q9" in person.kept:
        assert set(_alerts(clinic, assignment)) >= ALERTS
    if person.helped:
        assert "help" in _alerts(clinic, assignment)
    if person.sent:
        assert len(_responses(clinic, assignment)) == 1


def _all_is_there_once(clinic: DyingClinic, assignment: str) -> None:
    answers = _answers(clinic, assignment)
    assert Counter(item for item, _ in answers) == Counter(ITEMS)
    assert dict(answers) == MEANT
    (response,) = _responses(clinic, assignment)
    assert json.loads(str(response[0])) == MEANT
    assert Counter(_alerts(clinic, assignment)) == Counter([*ALERTS, "help"])


def _answers(clinic: DyingClinic, assignment: str) -> list[tuple[object, ...]]:
    query = "SELECT item, value FROM measures_answer WHERE assignment_id = ?"
    return clinic.rows(query, assignment)


def _responses(clinic: DyingClinic, assignment: str) -> list[tuple[object, ...]]:
    query = "SELECT answers FROM measures_questionnaireresponse WHERE assignment_id = ?"
    return clinic.rows(query, assignment)


def _alerts(clinic: DyingClinic, assignment: str) -> list[object]:
    """Codes of the alerts, each with exactly one message to its owner."""
    query = """
        SELECT a.code, count(d.id) FROM alerts_alert a
        LEFT JOIN alerts_delivery d ON d.alert_id = a.id AND d.rung = 'owner'
        WHERE a.patient_id = (SELECT patient_id FROM measures_assignment WHERE id = ?)
        GROUP BY a.id
    """  # each link is of a person of its own
    found = clinic.rows(query, assignment)
    assert all(messages == 1 for _, messages in found)
    return [code for code, _ in found]


def _trail_is_whole(clinic: DyingClinic) -> bool:
    (told,) = clinic.rows("SELECT count(*), max(sequence) FROM people_auditentry")
    (head,) = clinic.rows("SELECT sequence FROM people_chainhead")
    return told == (head[0], head[0])
