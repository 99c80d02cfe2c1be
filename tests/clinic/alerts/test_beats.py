"""If the loop falls silent and nobody is told, a patient's alarm waits in an unread row."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from clinic.alerts import beats
from clinic.alerts.beats import Gap, LoopBeat, LoopGap, LoopStatus, SilentJob

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 22, 9, tzinfo=UTC)


def _s(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_a_loop_that_never_ran_delivers_nothing() -> None:
    assert beats.status(START) == LoopStatus(delivering=False, since=None, failing=())


def test_a_job_that_never_beat_is_silent_from_the_start() -> None:
    beats.expect(["climb", "deliver"], at=START)
    beats.record_success("climb", at=_s(1))
    assert beats.status(_s(2)) == LoopStatus(
        delivering=False, since=START, failing=(SilentJob("deliver", START, "silent"),)
    )


@pytest.mark.hazard(24)
def test_a_beat_is_fresh_for_twenty_seconds() -> None:
    beats.expect(["deliver"], at=START)
    beats.record_success("deliver", at=START)
    assert beats.status(_s(20)).delivering
    assert not beats.status(_s(20.001)).delivering


def test_a_beat_from_the_future_hides_nothing() -> None:
    beats.expect(["deliver"], at=START)
    beats.record_success("deliver", at=_s(3600))
    assert not beats.status(START).delivering


@pytest.mark.hazard(24)
def test_a_failing_job_is_named_with_the_kind_of_its_error() -> None:
    beats.expect(["deliver"], at=START)
    beats.record_success("deliver", at=START)
    beats.record_failure("deliver", kind="SMTPException", at=_s(5))
    assert beats.status(_s(6)).delivering, "one error is tried again before anybody is alarmed"
    assert beats.status(_s(21)).failing == (SilentJob("deliver", START, "SMTPException"),)
    beats.record_success("deliver", at=_s(22))
    assert LoopBeat.objects.get().last_error_kind == ""
    assert LoopBeat.objects.get().last_error_at == _s(5)


def test_a_silence_is_written_down_when_it_ends() -> None:
    beats.expect(["deliver"], at=START)
    for second in (0, 5, 25, 65):
        beats.record_success("deliver", at=_s(second))
    assert list(LoopGap.objects.values_list("job", "began_at", "ended_at")) == [
        ("deliver", _s(25), _s(65))
    ]


def test_a_night_without_the_server_is_a_silence_too() -> None:
    beats.expect(["deliver"], at=START)
    beats.record_success("deliver", at=START)
    beats.expect(["deliver"], at=_s(9 * 3600))
    assert not beats.status(_s(9 * 3600)).delivering
    beats.record_success("deliver", at=_s(9 * 3600))
    assert beats.gaps(START) == [Gap(START, _s(9 * 3600), ("deliver",))]


def test_a_job_that_is_no_more_is_not_waited_for() -> None:
    beats.expect(["climb", "deliver"], at=START)
    beats.expect(["deliver"], at=START)
    beats.record_success("deliver", at=START)
    assert beats.status(START).delivering


def test_a_beat_whose_row_another_release_took_away_is_made_again() -> None:
    beats.record_success("deliver", at=START)
    assert beats.status(START).delivering


def test_overlapping_silences_are_told_as_one() -> None:
    for job, began, ended in (("a", 0, 50), ("b", 10, 60), ("c", 20, 40), ("a", 100, 130)):
        LoopGap.objects.create(job=job, began_at=_s(began), ended_at=_s(ended))
    assert beats.gaps(START) == [
        Gap(_s(0), _s(60), ("a", "b", "c")),
        Gap(_s(100), _s(130), ("a",)),
    ]
    assert beats.gaps(_s(70)) == [Gap(_s(100), _s(130), ("a",))]


def test_a_silence_cannot_end_before_it_began() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LoopGap.objects.create(job="a", began_at=_s(1), ended_at=_s(1))
