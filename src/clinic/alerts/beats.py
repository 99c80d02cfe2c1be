"""The loop's heartbeat: one row a job, and one row for each time that a job was silent.

A job that is alive and succeeds beats every 5 s. One whose last beat is more than 20 s away is
reported, so a loop that was killed, froze or keeps failing is seen within 30 s.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import F, Q

BEAT_EVERY = timedelta(seconds=5)
FRESH_FOR = timedelta(seconds=20)


class LoopBeat(models.Model):
    """When a job of the loop last succeeded, and how it last failed."""

    job = models.CharField(max_length=64, primary_key=True)
    expected_since = models.DateTimeField()  # when a loop that runs this job was last started
    last_ok_at = models.DateTimeField(null=True)
    last_error_at = models.DateTimeField(null=True)
    last_error_kind = models.CharField(max_length=64, blank=True)  # the exception's class, no text


class LoopGap(models.Model):
    """A time in which a job did not beat, written down when it beats again."""

    job = models.CharField(max_length=64)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("began_at")), name="loop_gap_ends_after_it_began"
            ),
        )


@dataclass(frozen=True, slots=True)
class SilentJob:
    """A job without a fresh beat. `reason` is the last exception's class, or "silent"."""

    job: str
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class LoopStatus:
    """Whether the loop delivers. `since` is when it stopped; None when it delivers or never ran."""

    delivering: bool
    since: datetime | None
    failing: tuple[SilentJob, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which at least one job was silent."""

    began_at: datetime
    ended_at: datetime
    jobs: tuple[str, ...]


def expect(jobs: Iterable[str], *, at: datetime) -> None:
    """A loop starts: from now on these jobs, and no others, must beat."""
    names = list(jobs)
    with transaction.atomic():
        LoopBeat.objects.exclude(job__in=names).delete()
        for name in names:
            LoopBeat.objects.update_or_create(job=name, defaults={"expected_since": at})


def record_success(job: str, *, at: datetime) -> None:
    """A job is alive and its last run succeeded; a silence that ends here becomes a gap."""
    with transaction.atomic():
        beat, _ = LoopBeat.objects.select_for_update().get_or_create(
            job=job, defaults={"expected_since": at}
        )
        last = beat.last_ok_at
        if last is not None and at - last > FRESH_FOR:
            LoopGap.objects.create(job=job, began_at=last, ended_at=at)
        beat.last_ok_at = at
        beat.last_error_kind = ""
        beat.save(update_fields=["last_ok_at", "last_error_kind"])


def record_failure(job: str, *, kind: str, at: datetime) -> None:
    """A job's run ended in an error; its class is kept, never its text, which may name a person."""
    LoopBeat.objects.filter(job=job).update(last_error_at=at, last_error_kind=kind[:64])


def status(now: datetime) -> LoopStatus:
    """Whether every job of the loop has a fresh beat."""
    beats = list(LoopBeat.objects.order_by("job"))
    failing = tuple(
        SilentJob(
            beat.job, beat.last_ok_at or beat.expected_since, beat.last_error_kind or "silent"
        )
        for beat in beats
        if not _is_fresh(beat.last_ok_at, now)
    )
    return LoopStatus(
        delivering=bool(beats) and not failing,
        since=min((job.since for job in failing), default=None),
        failing=failing,
    )


def _is_fresh(last_ok_at: datetime | None, now: datetime) -> bool:
    # A beat from the future is no beat: a clock set back must not hide a dead loop for an hour.
    return last_ok_at is not None and abs(now - last_ok_at) <= FRESH_FOR


def gaps(since: datetime) -> list[Gap]:
    """The times since then in which a job was silent, overlapping ones as one, oldest first."""
    merged: list[Gap] = []
    for row in LoopGap.objects.filter(ended_at__gte=since).order_by("began_at", "pk"):
        if merged and row.began_at <= merged[-1].ended_at:
            last = merged.pop()
            jobs = tuple(sorted({*last.jobs, row.job}))
            merged.append(Gap(last.began_at, max(last.ended_at, row.ended_at), jobs))
        else:
            merged.append(Gap(row.began_at, row.ended_at, (row.job,)))
    return merged
