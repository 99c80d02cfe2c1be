"""If the write lock were unfair or got stuck, a nurse's reading would wait while others went on."""

import threading
import time
from collections.abc import Callable

import pytest

from clinic.site.storage.ticket import TicketLock


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def _queue(lock: TicketLock, served: list[int], number: int) -> threading.Thread:
    def wait() -> None:
        assert lock.acquire(5)
        served.append(number)
        lock.release()

    thread = threading.Thread(target=wait)
    thread.start()
    _until(lambda: len(lock._waiting) == number + 1)
    return thread


def test_waiters_are_served_in_the_order_they_came() -> None:
    lock, served = TicketLock(), list[int]()
    assert lock.acquire(0)
    threads = [_queue(lock, served, number) for number in range(5)]
    lock.release()
    for thread in threads:
        thread.join()
    assert served == [0, 1, 2, 3, 4]
    assert lock.acquire(0), "free again after the last"


def test_whoever_releases_cannot_barge_in_before_a_waiter() -> None:
    lock, served = TicketLock(), list[int]()
    assert lock.acquire(0)
    thread = _queue(lock, served, 0)
    lock.release()
    assert lock.acquire(5)
    assert served == [0]
    thread.join()


def test_a_wait_that_ends_leaves_no_ticket_behind() -> None:
    lock = TicketLock()
    assert lock.acquire(0)
    assert not lock.acquire(0.01)
    lock.release()
    assert lock.acquire(0)


def test_a_turn_granted_as_the_wait_ends_is_passed_on() -> None:
    lock = TicketLock()
    assert lock.acquire(0)
    too_late = threading.Lock()  # handed over already: it stands no longer in the queue
    lock._leave(too_late)
    assert lock.acquire(0), "otherwise nobody would ever write again"


def test_an_interrupted_wait_leaves_no_ticket_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = TicketLock()
    assert lock.acquire(0)
    real = threading.Lock

    class Interrupted:
        def __init__(self) -> None:
            self._lock = real()

        def acquire(self, timeout: float | None = None) -> bool:
            if timeout is None:
                return self._lock.acquire()
            raise KeyboardInterrupt

    monkeypatch.setattr("clinic.site.storage.ticket.threading.Lock", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        lock.acquire(1)
    lock.release()
    assert lock.acquire(0)
