"""The loop: what is due later is a row, and these jobs look for it.

Each job has a thread of its own, so that one which freezes or dies stops no other, and its beat
alone goes stale. Jobs are called again after an error; they claim their rows before they act.
"""

import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from clinic.adverse import duties
from clinic.alerts import beats, ladder, overdue
from clinic.dosing import escalation, outages
from clinic.measures import sending
from clinic.people import owed
from clinic.site.leadership import Leadership

BEAT_EVERY_S = beats.BEAT_EVERY.total_seconds()

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A function to be called with the time, again and again."""

    name: str
    every_s: float
    run: Callable[[datetime], object]


def heartbeat(now: datetime) -> None:
    """Nothing to do: its beat alone says that the loop runs."""


JOBS: tuple[Job, ...] = (
    Job("heartbeat", BEAT_EVERY_S, heartbeat),
    Job("climb the on-call ladder", 5, ladder.climb),
    Job("tell of contacts overdue", 15, overdue.tell),
    Job("tell of reports overdue", 15, duties.tell),
    Job("deliver alerts", 2, ladder.deliver),
    Job("tell of a night without cover", 60, ladder.tell_empty_night),
    Job("watch live sessions", 1, escalation.watch),
    Job(outages.JOB, 1, outages.Outages().note),
    Job("write the readings that the audit is owed", 5, owed.pay),
    Job("send questionnaires due", 15, sending.send),
    Job("tell of missed check-ins", 15, sending.tell_missed),
    Job("turn the calendar", 600, sending.turn_calendar),
)


def jobs() -> tuple[Job, ...]:
    """Every job of this process: the demo has one more, which a clinic does not even import."""
    if not settings.DEMO:
        return JOBS
    from clinic.site import live

    return (*JOBS, Job("simulated monitor", live.EVERY_S, live.keep))


class Ticker:
    """Runs the table of jobs until stopped."""

    def __init__(self, jobs: tuple[Job, ...]) -> None:
        self._jobs = jobs
        self._stop = threading.Event()
        self._lead = Leadership()
        self._threads = [self._thread("lead", self._campaign)] + [
            self._thread(job.name, self._keep, job) for job in jobs
        ]

    def start(self) -> None:
        """Begin; returns at once."""
        beats.expect((job.name for job in self._jobs), at=timezone.now())
        for thread in self._threads:
            thread.start()

    def stop(self, within_s: float = 5) -> None:
        """Let each job end its turn; one that does not end is left behind with the process."""
        self._stop.set()
        until = monotonic() + within_s
        for thread in self._threads:
            thread.join(max(0, until - monotonic()))

    @staticmethod
    def _thread(name: str, target: Callable[..., None], *args: object) -> threading.Thread:
        return threading.Thread(target=target, args=args, name=f"loop-{name}", daemon=True)

    def _campaign(self) -> None:
        self._lead.campaign(self._stop)

    def _keep(self, job: Job) -> None:
        turn = Turn(job)
        while not self._stop.is_set():
            if self._lead.leading.wait(timeout=0.2):
                turn.take()
                close_old_connections()
                self._stop.wait(turn.pause_s)
        connections.close_all()


class Turn:
    """One job's timing: when it is due, and when its beat is."""

    def __init__(self, job: Job) -> None:
        self.pause_s = min(job.every_s, BEAT_EVERY_S)
        self._job = job
        self._due = self._beat_due = monotonic()

    def take(self) -> None:
        """Run the job if it is due, and beat as long as its last run succeeded."""
        try:
            if monotonic() >= self._due:
                self._job.run(timezone.now())
                self._due = monotonic() + self._job.every_s
            if monotonic() >= self._beat_due:
                beats.record_success(self._job.name, at=timezone.now())
                self._beat_due = monotonic() + BEAT_EVERY_S
        except Exception as error:  # noqa: BLE001 - the loop's outermost level: it must go on
            self._failed(type(error).__name__)

    def _failed(self, kind: str) -> None:
        """Try again at the next turn, without a beat. The error's text may name a person."""
        self._due = self._beat_due = monotonic()
        log.error("loop job %s failed: %s", self._job.name, kind)
        with contextlib.suppress(DatabaseError):  # then the missing beat alone has to say it
            beats.record_failure(self._job.name, kind=kind, at=timezone.now())
