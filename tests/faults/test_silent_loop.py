"""A silent loop: a patient's alarm would wait, and every screen would look calm.

Each fault is done to a real clinic of its own, all at once, with the real periods and limits.
"""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pysqlite3
import pytest

from clinic.site.ticker import JOBS
from tests.faults.clinics import RunningClinic, with_tables

pytestmark = pytest.mark.fault

SHOWN_WITHIN_S = 30
FAULTS = ("kill", "freeze", "raise")

Clinics = dict[str, RunningClinic]
Failing = dict[str, dict[str, dict[str, str]]]


@pytest.fixture(scope="module")
def clinics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinics]:
    """One running clinic a fault."""
    with ExitStack() as stack:
        running = {}
        for word in FAULTS:
            clinic = RunningClinic(with_tables(tmp_path_factory.mktemp(word)))
            running[word] = stack.enter_context(clinic)
            clinic.start()
        yield running


@pytest.fixture(scope="module")
def shown(clinics: Clinics) -> Failing:
    """The jobs that /healthz names as failing, at most 30 s after each fault."""
    for clinic in clinics.values():
        clinic.wait_for(200, within_s=20)
    for word, clinic in clinics.items():
        clinic.order(word)
    end = time.monotonic() + SHOWN_WITHIN_S
    return {
        word: clinic.wait_for(503, end - time.monotonic())["failing"]
        for word, clinic in clinics.items()
    }


def _silences(clinic: RunningClinic) -> set[str]:
    rows = pysqlite3.connect(str(clinic.home / "clinic.sqlite3"))
    try:
        return {job for (job,) in rows.execute("SELECT job FROM alerts_loopgap")}
    finally:
        rows.close()


@pytest.mark.hazard(24)
def test_a_killed_loop_is_shown(shown: Failing) -> None:
    assert {job["reason"] for job in shown["kill"].values()} == {"silent"}
    assert shown["kill"].keys() <= {"injected", *(job.name for job in JOBS)}


@pytest.mark.hazard(24)
def test_a_frozen_job_is_shown_and_stops_no_other(shown: Failing) -> None:
    assert {name: job["reason"] for name, job in shown["freeze"].items()} == {"injected": "silent"}


@pytest.mark.hazard(24)
def test_a_raising_job_is_shown_without_what_it_said(shown: Failing) -> None:
    (name,) = shown["raise"]
    assert (name, shown["raise"][name]["reason"]) == ("injected", "RuntimeError")
    assert "Canary" not in str(shown)


def test_when_the_error_ends_it_is_well_again_and_the_silence_is_kept(
    clinics: Clinics, shown: Failing
) -> None:
    clinics["raise"].order("")
    clinics["raise"].wait_for(200, within_s=10)
    assert _silences(clinics["raise"]) == {"injected"}


def test_a_restart_mends_a_killed_loop_and_the_silence_is_kept(
    clinics: Clinics, shown: Failing
) -> None:
    clinic = clinics["kill"]
    printed = clinic.stop(signal.SIGKILL)
    clinic.order("")
    clinic.start()
    clinic.wait_for(200, within_s=10)
    assert _silences(clinic) == {"injected", *(job.name for job in JOBS)}
    assert "Canary" not in printed
