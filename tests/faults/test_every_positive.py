"""A dangerous answer reaches a person, on every path, through every fault: no example, thousands.

Every instrument with a watched item is answered, with items skipped, answers changed, forms sent
twice, sheets corrected, and the clinic killed at named commits between answer and alert. What must
be raised is worked out anew in tests/faults/watched.py.
"""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import httpx
import pysqlite3
import pytest

from kapstone import instruments
from tests.faults.clinics import RunningClinic, with_tables
from tests.faults.watched import WATCHED, draw, most_urgent, told_at_once

pytestmark = pytest.mark.fault
SEED = 20261122
WITHIN_S = 5
Rows = list[tuple[object, ...]]


def ask(home: Path, query: str, *values: str) -> Rows:
    """What stands on disk."""
    with closing(pysqlite3.connect(str(home / "clinic.sqlite3"))) as disk:
        return list(disk.execute(query, values))


def raised(home: Path, patient: str = "") -> dict[str, str]:
    """The most urgent level of the alerts about watched answers, by what they are about."""
    query = "SELECT subject, level FROM alerts_alert WHERE code <> 'phq9.severe'"
    rows = ask(home, f"{query} AND patient_id = ?", patient) if patient else ask(home, query)
    found: dict[str, list[str]] = {}
    for subject, level in rows:
        found.setdefault(subject, []).append(level)
    return {subject: most_urgent(levels) for subject, levels in found.items()}


LATER = {
    "backup": "backup_due_at",
    "everyone": "everyone_due_at",
    "overdue": "first_contact_due_at",
}


def each_told_once(home: Path, told: str) -> None:
    """Each alert has its owner, told once. A later rung is told once, after its clock ran out."""
    owned = "SELECT count(*) FROM alerts_alert WHERE owner_id IS NULL"
    assert ask(home, owned) == [(0,)]
    early = " OR ".join(
        f"(d.rung = '{rung}' AND d.made_at < a.{due})" for rung, due in LATER.items()
    )
    known = ", ".join(f"'{rung}'" for rung in ("owner", *LATER))
    query = f"""
        SELECT a.level, count(DISTINCT a.id), group_concat(d.rung), count(DISTINCT d.recipient_id)
        FROM alerts_alert a LEFT JOIN alerts_delivery d ON d.alert_id = a.id {told}
        GROUP BY a.subject, a.code
        HAVING count(DISTINCT a.id) <> 1 OR sum(d.rung = 'owner') IS NOT 1
            OR sum(d.rung = 'owner' AND d.recipient_id = a.owner_id) IS NOT 1
            OR count(*) <> count(DISTINCT d.rung || ' ' || d.recipient_id)
            OR sum({early}) <> 0 OR sum(d.rung NOT IN ({known})) <> 0
    """  # noqa: S608 - words of this file
    assert ask(home, query) == []


def none_closes_without_its_outcome(home: Path) -> int:
    """Try to close every alert without a word, and to take it away."""
    close = "INSERT INTO alerts_alertstep (alert_id, kind, by_id, at, note) VALUES (?, ?, ?, ?, ?)"
    with closing(pysqlite3.connect(str(home / "clinic.sqlite3"))) as disk:
        alerts = list(disk.execute("SELECT id, owner_id, raised_at FROM alerts_alert"))
        for alert, owner, at in alerts:
            with pytest.raises(pysqlite3.IntegrityError, match="outcome_in_words"):
                disk.execute(close, (alert, "disposed", owner, at, ""))
            disk.execute(close, (alert, "disposed", owner, at, "spoke, safe, plan made"))
            with pytest.raises(pysqlite3.DatabaseError):
                disk.execute("DELETE FROM alerts_alert WHERE id = ?", (alert,))
        disk.rollback()
    return len(alerts)


def test_every_instrument_with_a_watched_item_is_tried() -> None:
    held = {each: instruments.load(each) for each in instruments.ids()}
    watched = {each for each, of in held.items() if any(item.watched for item in of.items)}
    assert watched == WATCHED.keys()
    for name, of in WATCHED.items():
        assert set(of.watched) == {item.id for item in held[name].items if item.watched}


@pytest.mark.counts(small=495, middle=9_970, full=9_800)
@pytest.mark.hazard(10)
@pytest.mark.hazard(11)
def test_every_positive_answer_has_its_alert_once(tmp_path: Path, fault_count: int) -> None:
    home = with_tables(tmp_path)
    running = RunningClinic(home)
    command = [sys.executable, "-m", "tests.faults.answer_sets", str(fault_count), str(SEED)]
    environment = running.environment() | {"CLINIC_DEMO": "1"}
    subprocess.run(command, cwd=home, env=environment, check=True, timeout=3600)
    sets = [json.loads(line) for line in (home / "answer_sets.jsonl").read_text().splitlines()]
    assert len(sets) == fault_count
    expected = {subject: level for each in sets for subject, level in each["alerts"].items()}
    assert raised(home) == expected
    assert len(expected) > fault_count / 2
    assert max(each["slowest_s"] for each in sets) < WITHIN_S
    each_told_once(home, "")
    assert none_closes_without_its_outcome(home) >= len(expected)


@dataclass
class WatchedClinic(RunningClinic):
    """Plain http, no mail, one person a round, and a licence for all that is tried."""

    command: tuple[str, ...] = ("tests.faults.watched_clinic", "0")
    rounds: int = 1

    def environment(self) -> dict[str, str]:
        """What its process sees."""
        more = {"CLINIC_DEMO": "1", "ROUNDS": str(self.rounds)}
        return super().environment() | more | {"CLINIC_LICENSED": ",".join(WATCHED)}

    def await_death(self) -> None:
        """It was killed, and nothing else happened to it."""
        self.process.wait(20)
        assert self.process.returncode == -signal.SIGKILL


@pytest.fixture
def clinic(tmp_path: Path, fault_count: int) -> Iterator[WatchedClinic]:
    """Started once; the test kills it again and again."""
    with WatchedClinic(with_tables(tmp_path), rounds=fault_count) as running:
        running.start()
        yield running


class Browser:
    """Sends forms as a browser does, and the very same form again after a failure."""

    def __init__(self, clinic: WatchedClinic, cookies: dict[str, str] | None = None) -> None:
        self.clinic, self.jar = clinic, httpx.Cookies(cookies)
        self.typed: dict[str, str] = {}

    def open(self, path: str) -> str:
        """A page, with the hidden fields of its form."""
        page = self._send("GET", path).text
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([\w-]+)"', page)
        self.typed = dict(hidden)
        return page

    def post(self, path: str, **typed: str) -> None:
        """What was typed joins the form's hidden fields."""
        self.typed |= typed
        answer = self._send("POST", path)
        assert answer.status_code == 302, answer.text

    def _send(self, method: str, path: str) -> httpx.Response:
        address = f"http://localhost:{self.clinic.port()}{path}"
        with httpx.Client(timeout=20, cookies=self.jar) as http:
            answer = http.request(method, address, data=self.typed if method == "POST" else None)
            self.jar.update(http.cookies)
        return answer


SHEET = ("before keep_response", "during raise_alert", "during keep_response")
POINTS = [*SHEET, "after keep_response"]
PHONE = ("before save_answer", "during raise_alert", "during save_answer", "after save_answer")


@pytest.mark.counts(small=5, middle=30, full=200)
@pytest.mark.hazard(10)
@pytest.mark.hazard(11)
@pytest.mark.hazard(18)
def test_a_kill_between_answer_and_alert_loses_no_alert_and_doubles_none(
    clinic: WatchedClinic, fault_count: int
) -> None:
    told, chance = json.loads((clinic.home / "rounds.json").read_text()), Random(SEED)
    for number, person in enumerate(told["people"]):
        way = number % (len(WATCHED) + 1)
        if way == len(WATCHED):
            _on_a_phone(clinic, person, PHONE[number // (way + 1) % len(PHONE)], chance)
        else:
            browser = Browser(clinic, {told["name"]: told["cookie"]})
            point = POINTS[(number + number // 8) % len(POINTS)]
            _on_a_sheet(clinic, browser, (person["patient"], list(WATCHED)[way], point), chance)
    each_told_once(clinic.home, "")
    none_closes_without_its_outcome(clinic.home)
    waiting = "SELECT count(*) FROM alerts_delivery WHERE sent_at IS NULL"
    until = time.monotonic() + 90  # a message that was out when its clinic died waits for its lease
    while ask(clinic.home, waiting) != [(0,)]:
        assert time.monotonic() < until, "an alert was never told"
        time.sleep(0.5)
    each_told_once(clinic.home, "AND d.sent_at IS NOT NULL")


def _on_a_sheet(
    clinic: WatchedClinic, browser: Browser, where: tuple[str, str, str], chance: Random
) -> None:
    """Staff enter a positive sheet, the clinic dies, and the browser sends the same form again."""
    patient, instrument, point = where
    path, answers = f"/patients/{patient}/questionnaires/{instrument}/", {}
    of = WATCHED[instrument]
    while not of.called(answers):
        answers = draw(of, chance)
    browser.open(path)
    said = {
        item.id: str(answers.get(item.id, "skip")) for item in instruments.load(instrument).items
    }
    at = f"{datetime.now(UTC) - timedelta(days=2):%Y-%m-%d}T00:00"
    _dies(clinic, f"{point} 1", lambda: browser.post(path, observed_at=at, **said))
    subject = f"measures.QuestionnaireResponse:{browser.typed['sheet']}"
    expected = {subject: most_urgent(of.called(answers).values())}
    before = raised(clinic.home, patient.replace("-", ""))
    assert before == (expected if point.startswith("after") else {})
    began = _again(clinic)
    browser.post(path)
    assert raised(clinic.home, patient.replace("-", "")) == expected
    assert time.monotonic() - began < WITHIN_S
    count = "SELECT count(*) FROM measures_questionnaireresponse WHERE patient_id = ?"
    assert ask(clinic.home, count, patient.replace("-", "")) == [(1,)]


def _on_a_phone(clinic: WatchedClinic, person: dict[str, str], point: str, chance: Random) -> None:
    """Somebody taps a positive item 9, the clinic dies, and they tap it again."""
    browser, patient = Browser(clinic), person["patient"].replace("-", "")
    link, value = f"/q/{person['secret']}/", chance.randint(1, 3)
    browser.open(link)
    browser.post(link, birth_date="1980-05-17")
    browser.open(f"{link}answer/?item=q9")
    tap = f"{link}answer/?item=q9"
    _dies(clinic, f"{point} 1", lambda: browser.post(tap, answer=str(value)))
    level = most_urgent(told_at_once(WATCHED["phq9"], "q9", value).values())
    assert list(raised(clinic.home, patient).values()) == [level] * point.startswith("after")
    began = _again(clinic)
    browser.post(tap)
    assert list(raised(clinic.home, patient).values()) == [level]
    assert time.monotonic() - began < WITHIN_S


def _dies(clinic: WatchedClinic, order: str, act: object) -> None:
    clinic.order(order)
    with pytest.raises(httpx.TransportError):
        act()
    clinic.await_death()


def _again(clinic: WatchedClinic) -> float:
    """Started again; the moment from which it answers."""
    clinic.order("")
    clinic.start()
    return time.monotonic()
