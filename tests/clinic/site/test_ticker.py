"""A job that fails or freezes may stop neither the others nor the clinic, and must be seen."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings

from clinic.alerts import beats
from clinic.alerts.beats import LoopBeat
from clinic.site import ticker
from clinic.site.ticker import Job, Ticker, Turn


def _until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s = 1000.0
        monkeypatch.setattr(ticker, "monotonic", lambda: self.now_s)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def beaten(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> list[float]:
    """The seconds at which a beat was written."""
    seen: list[float] = []
    monkeypatch.setattr(beats, "record_success", lambda job, at: seen.append(clock.now_s - 1000))
    return seen


def _run_for(turn: Turn, clock: Clock, seconds: float) -> None:
    end = clock.now_s + seconds
    while clock.now_s < end:
        turn.take()
        clock.now_s += turn.pause_s


@pytest.mark.django_db
def test_a_frequent_job_beats_every_five_seconds(clock: Clock, beaten: list[float]) -> None:
    runs: list[datetime] = []
    _run_for(Turn(Job("often", 1, runs.append)), clock, 11)
    assert len(runs) == 11
    assert beaten == [0, 5, 10]


@pytest.mark.django_db
def test_a_rare_job_beats_while_it_waits(clock: Clock, beaten: list[float]) -> None:
    runs: list[datetime] = []
    _run_for(Turn(Job("hourly", 3600, runs.append)), clock, 3601)
    assert len(runs) == 2
    assert len(beaten) == 721


@pytest.mark.django_db
def test_a_failing_job_is_tried_again_and_does_not_beat(
    clock: Clock, beaten: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    left = [1, 1, 1]

    def fail(now: datetime) -> None:
        if left:
            left.pop()
            raise ValueError("about Mrs Canary")

    LoopBeat.objects.create(job="hourly", expected_since=timezone.now())
    with caplog.at_level(logging.ERROR):
        _run_for(Turn(Job("hourly", 3600, fail)), clock, 16)
    assert beaten == [15]
    assert LoopBeat.objects.get().last_error_kind == "ValueError"
    assert caplog.messages == ["loop job hourly failed: ValueError"] * 3
    assert "Canary" not in caplog.text


@pytest.mark.django_db
def test_a_database_that_is_gone_does_not_end_the_loop(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: object, **kwargs: object) -> None:
        raise OperationalError

    monkeypatch.setattr(beats, "record_success", gone)
    monkeypatch.setattr(beats, "record_failure", gone)
    runs: list[datetime] = []
    _run_for(Turn(Job("often", 1, runs.append)), clock, 3)
    assert len(runs) == 3


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.django_db(transaction=True)
def test_a_frozen_and_a_dead_job_stop_no_other() -> None:
    thaw = threading.Event()

    def die(now: datetime) -> None:
        raise SystemExit

    jobs = (
        Job("frozen", 0.02, lambda now: thaw.wait(30)),
        Job("dead", 0.02, die),
        Job("well", 0.02, lambda now: None),
    )
    loop = Ticker(jobs)
    loop.start()
    try:
        _until(lambda: LoopBeat.objects.filter(job="well", last_ok_at__isnull=False))
        status = beats.status(timezone.now())
        assert not status.delivering
        assert [job.job for job in status.failing] == ["dead", "frozen"]
    finally:
        began = time.monotonic()
        loop.stop(within_s=0.5)
        assert time.monotonic() - began < 2, "a frozen job holds up no stop"
        thaw.set()
        loop.stop()


@pytest.mark.django_db(transaction=True)
def test_the_clinics_own_jobs_run_and_stop() -> None:
    loop = Ticker(ticker.JOBS)
    loop.start()
    try:
        _until(lambda: beats.status(timezone.now()).delivering)
    finally:
        loop.stop()
    assert not [thread for thread in loop._threads if thread.is_alive()]
    assert set(LoopBeat.objects.values_list("job", flat=True)) == {job.name for job in ticker.JOBS}


def test_only_the_demo_has_a_job_that_makes_up_readings(settings: Settings) -> None:
    settings.DEMO = False
    assert ticker.jobs() == ticker.JOBS
    settings.DEMO = True
    assert [job.name for job in ticker.jobs()[len(ticker.JOBS) :]] == ["simulated monitor"]
