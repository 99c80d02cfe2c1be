"""What monitors send waits here for a moment, so that one transaction takes all of it.

Nothing is acknowledged before it is on disk. How fast one key may send is bounded before anything
is read, so that one monitor gone wild slows no other.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic

from django.db import close_old_connections
from django.utils import timezone

from clinic.dosing import samples
from clinic.dosing.samples import Answer, Sent

log = logging.getLogger(__name__)

GATHERED_S = 0.05  # what comes within so long goes into one transaction
SAMPLES_AT_ONCE = 500  # of one transaction
WAITING_AT_MOST = 5000  # requests; more says that the clinic cannot write
PER_S, BURST = 5.0, 120.0  # samples of one key: a second each is usual, after a gap two minutes
KEYS_KEPT = 4096
TOLD_EVERY_S = 30.0


class Full(Exception):
    """More waits to be written than can be."""


class Unwritten(Exception):
    """What was sent is not on disk."""


@dataclass(slots=True)
class _Bucket:
    """How many samples of one key may come now."""

    left: float = BURST
    at_s: float = field(default_factory=monotonic)
    _refused: int = 0
    _told_s: float = -TOLD_EVERY_S

    def take(self, wanted: int) -> int:
        """How many of these may come."""
        now_s = monotonic()
        self.left = min(BURST, self.left + (now_s - self.at_s) * PER_S)
        self.at_s = now_s
        taken = min(wanted, int(self.left))
        self.left -= taken
        self._refused += wanted - taken
        return taken

    def untold(self) -> int:
        """How many were refused that the session's line does not tell of; now and then."""
        now_s = monotonic()
        if not self._refused or now_s - self._told_s < TOLD_EVERY_S:
            return 0
        told, self._refused, self._told_s = self._refused, 0, now_s
        return told


class Rates:
    """How fast each key sends; of keys that are not known too."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def bucket(self, key_hash: str) -> _Bucket:
        """That of a key; the one not used for longest is forgotten."""
        found = self._buckets.setdefault(key_hash, _Bucket())
        self._buckets.move_to_end(key_hash)
        if len(self._buckets) > KEYS_KEPT:
            self._buckets.popitem(last=False)
        return found


class Queue:
    """Requests that wait, and the thread that writes them."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Sent, Future[Answer]]] = []
        self._lock = threading.Lock()
        self._filled, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="samples")

    def put(self, sent: Sent) -> "Future[Answer]":
        """Its answer, once it is on disk. Raises Full."""
        answer: Future[Answer] = Future()
        with self._lock:
            if len(self._waiting) >= WAITING_AT_MOST or self._stop.is_set():
                raise Full
            self._waiting.append((sent, answer))
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep, name="gather", daemon=True)
                self._thread.start()
        self._filled.set()
        return answer

    def stop(self) -> None:
        """What waits is written; nothing more is taken."""
        self._stop.set()
        self._filled.set()
        if self._thread is not None:
            self._thread.join(5)
        self._writer.shutdown()

    def _keep(self) -> None:
        while not self._stop.is_set() or self._waiting:
            self._filled.wait()
            self._stop.wait(GATHERED_S)
            if batch := self._gathered():
                self._write(batch)

    def _gathered(self) -> Sequence[tuple[Sent, "Future[Answer]"]]:
        with self._lock:
            count = most = 0
            for sent, _ in self._waiting:
                most += len(sent.samples)
                if count and most > SAMPLES_AT_ONCE:
                    break
                count += 1
            batch, self._waiting = self._waiting[:count], self._waiting[count:]
            batch = [each for each in batch if each[1].set_running_or_notify_cancel()]
            if not self._waiting and not self._stop.is_set():
                self._filled.clear()
        return batch

    def _write(self, batch: Sequence[tuple[Sent, "Future[Answer]"]]) -> None:
        """One transaction. Whatever went wrong with it, the next one is tried."""
        job = self._writer.submit(_taken, [sent for sent, _ in batch])
        if error := job.exception():
            log.error("samples were not written", exc_info=error)
            for _, waiting in batch:
                waiting.set_exception(Unwritten())
            return
        for (_, waiting), answer in zip(batch, job.result(), strict=True):
            waiting.set_result(answer)


def _taken(sent: Sequence[Sent]) -> list[Answer]:
    try:
        return samples.take(sent, timezone.now())
    finally:
        close_old_connections()
