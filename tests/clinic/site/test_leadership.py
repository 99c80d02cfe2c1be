"""Two processes that both run the loop would send everything twice; none would send nothing."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from clinic.site.leadership import LOCK_KEY, Leadership

pytestmark = pytest.mark.django_db(transaction=True)


class Candidate:
    """One process's part in the election."""

    def __init__(self) -> None:
        self.lead, self.stop = Leadership(), threading.Event()
        self.thread = threading.Thread(target=self.lead.campaign, args=[self.stop])
        self.thread.start()

    def leads(self) -> bool:
        return self.lead.leading.is_set()

    def end(self) -> None:
        self.stop.set()
        self.thread.join()


@pytest.fixture
def two() -> Iterator[tuple[Candidate, Candidate]]:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has more than one process")
    first, second = Candidate(), Candidate()
    yield first, second
    first.end()
    second.end()


def _until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_on_sqlite_the_one_process_leads() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own case")
    lead = Leadership()
    lead.campaign(threading.Event())
    assert lead.leading.is_set()


def test_one_of_two_leads_and_the_other_follows_when_it_stops(
    two: tuple[Candidate, Candidate],
) -> None:
    _until(lambda: any(one.leads() for one in two))
    time.sleep(1.5)
    leader, other = sorted(two, key=Candidate.leads, reverse=True)
    assert (leader.leads(), other.leads()) == (True, False)
    leader.end()
    assert not leader.leads()
    _until(other.leads)


def test_a_dropped_connection_gives_the_lead_up_and_one_takes_it_again(
    two: tuple[Candidate, Candidate],
) -> None:
    _until(lambda: any(one.leads() for one in two))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, pg_terminate_backend(pid) FROM pg_locks "
            "WHERE locktype = 'advisory' AND granted AND "
            "((classid::bigint << 32) | objid::bigint) = %s",
            [LOCK_KEY],
        )
        assert len(cursor.fetchall()) == 1
    time.sleep(2.5)
    _until(lambda: sum(one.leads() for one in two) == 1)


def test_a_server_that_cannot_be_reached_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL can be away")
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "PORT", "1")
        one = Candidate()
        time.sleep(0.5)
        assert not one.leads()
    _until(one.leads)
    one.end()
