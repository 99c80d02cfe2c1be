"""What bedside monitors sent, charted together: one transaction for all that came in a moment.

Each sample is an event like any other: numbered, judged by the alarms, told of in the audit. It is
known by its monitor and its moment, so that what is sent again is not charted again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction

from clinic.dosing import actions, alarms, hub, late, lines, quarantine, queries
from clinic.dosing.kinds import MONITOR_ID, QUARANTINED
from clinic.dosing.models import AlarmStepKind, DosingSession, Monitor, RaisedAlarm, SessionEvent
from clinic.dosing.models.sessions import ENDED
from clinic.people import audit, worded
from kapstone.errors import InvalidInput
from kapstone.monitoring.alarms import Alarm
from kapstone.monitoring.events import Kind


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading of a monitor: when, by its own clock, and what, by the keys of the line."""

    at: datetime
    told: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sent:
    """What one monitor sent at once. too_fast_count: how many it sent above what is taken."""

    key_hash: str
    samples: tuple[Sample, ...]
    too_fast_count: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of it. refused: why nothing was taken; waits: nobody has compared it yet."""

    taken_count: int = 0
    waits: bool = False
    refused: str = ""


@dataclass(slots=True)
class _Batch:
    """The new rows of one session."""

    session: DosingSession
    known: lines.Known
    rows: list[SessionEvent] = field(default_factory=list)


@transaction.atomic
def take(sent: Sequence[Sent], at: datetime) -> list[Answer]:
    """Chart what was sent; an answer for each, good once the transaction is on disk."""
    monitors = {row.key_hash: row for row in _monitors(sent)}
    batches = _batches(monitors.values())
    seen = _seen(sent, monitors)
    answers = [_answer(one, monitors.get(one.key_hash), batches, seen, at) for one in sent]
    filled = [one for one in batches.values() if one.rows]
    if filled:
        _write(filled, at)
    return answers


def _monitors(sent: Sequence[Sent]) -> Iterator[Monitor]:
    hashes = {one.key_hash for one in sent}
    yield from Monitor.objects.filter(key_hash__in=hashes, ended_at=None)


def _batches(monitors: Iterable[Monitor]) -> dict[UUID, _Batch]:
    """Each session that a monitor sends to, this writer's until the transaction ends."""
    wanted = {one.session_id for one in monitors}
    rows = DosingSession.objects.select_for_update(of=("self",)).select_related("patient")
    return {
        session.pk: _Batch(session, lines.up_to_date(session))
        for session in rows.filter(pk__in=wanted).exclude(phase__in=ENDED).order_by("pk")
    }


def _seen(sent: Sequence[Sent], monitors: Mapping[str, Monitor]) -> dict[UUID, SessionEvent]:
    """Those of the samples that stand already."""
    ids = [
        _id(monitor, sample)
        for one in sent
        if (monitor := monitors.get(one.key_hash))
        for sample in one.samples
    ]
    return {row.pk: row for row in SessionEvent.objects.filter(pk__in=ids)}


def _id(monitor: Monitor, sample: Sample) -> UUID:
    return uuid5(NAMESPACE_OID, f"monitor {monitor.pk} {sample.at.isoformat()}")


def _answer(
    one: Sent,
    monitor: Monitor | None,
    batches: Mapping[UUID, _Batch],
    seen: dict[UUID, SessionEvent],
    at: datetime,
) -> Answer:
    if monitor is None:
        return Answer(refused="This key is not known, or its monitor was disconnected.")
    batch = batches.get(monitor.session_id)
    if batch is None:
        return Answer(refused="The session is over.")
    if monitor.confirmed_at is None:
        _keep_said(monitor, one, at)
        return Answer(waits=True)
    for sample in one.samples:
        _place(batch, monitor, sample, seen, at)
    if one.too_fast_count:
        why = f"{monitor.name} sends too fast: {one.too_fast_count} of its samples were not taken."
        body = quarantine.apart_as({}, {"samples": why})
        _add(batch, uuid5(NAMESPACE_OID, f"fast {monitor.pk} {at}"), QUARANTINED, at, body)
    return Answer(taken_count=len(one.samples))


def _keep_said(monitor: Monitor, one: Sent, at: datetime) -> None:
    """The last that it said, for whoever compares it with the display."""
    for sample in one.samples[-1:]:
        monitor.said, _ = quarantine.sift(sample.told)
        monitor.said_at = at
        monitor.save(update_fields=["said", "said_at"])


def _place(
    batch: _Batch, monitor: Monitor, sample: Sample, seen: dict[UUID, SessionEvent], at: datetime
) -> None:
    """Chart one sample, and apart from it what of it cannot be."""
    event_id = _id(monitor, sample)
    good, bad = quarantine.sift(sample.told)
    known = seen.get(event_id)
    if known is not None:
        stood = {key: one for key, one in known.body.items() if key != MONITOR_ID}
        if stood == good or known.kind == QUARANTINED:
            return
        bad = {"time": "It sent other figures for this moment before: its clock stands still?"}
        bad |= dict.fromkeys(good, "as above.")
        good, event_id = {}, uuid5(event_id, f"{sorted(good.items())}")
        if event_id in seen or SessionEvent.objects.filter(pk=event_id).exists():
            return
    # A clock that is fast is the clinic's, and no reading is of the future.
    observed_at = min(sample.at, at)
    try:
        actions.check_moment(sample.at, at)
    except InvalidInput as error:
        bad = {**bad, **dict.fromkeys(good, str(error)), "time": str(error)}
        good, observed_at = {}, at
    if bad or not good:
        apart_id = uuid5(event_id, QUARANTINED) if good else event_id
        apart = quarantine.apart_as(sample.told, bad)
        seen[apart_id] = _add(batch, apart_id, QUARANTINED, observed_at, apart)
    if good:
        good[MONITOR_ID] = monitor.pk
        seen[event_id] = _add(batch, event_id, Kind.SAMPLE, observed_at, good)


def _add(
    batch: _Batch, event_id: UUID, kind: str, observed_at: datetime, body: dict[str, Any]
) -> SessionEvent:
    row = SessionEvent(
        id=event_id,
        session=batch.session,
        number=batch.session.last_number + 1,
        kind=kind,
        observed_at=observed_at,
        body=body,
    )
    batch.session.last_number = row.number
    batch.rows.append(row)
    return row


def _write(batches: Sequence[_Batch], at: datetime) -> None:
    """Rows, alarms, audit and news of every session, each in one go."""
    rows = [row for one in batches for row in one.rows]
    for row in rows:
        row.recorded_at = at
    SessionEvent.objects.bulk_create(rows)
    worded.update_all([one.session for one in batches], "last_number")
    standing = queries.alarms_by_session([one.session for one in batches])
    news = [(one.session.pk, one.session.last_number) for one in batches]
    for one in batches:
        known = lines.keep(one.session, one.known.then(one.rows))
        found, raised = known.alarms(at), standing.get(one.session.pk, [])
        missed = list(late.missed_samples(one.known, known, one.rows, found))
        if missed or not alarms.stand_as(raised, found) or _shown_again(raised, found):
            event = one.rows[-1]  # what made the difference
            alarms.follow(session=one.session, event=event, found=found, by=None, at=at)
            for row, alarm in missed:
                alarms.add_missed(session=one.session, event=row, alarm=alarm, by=None, at=at)
            news.append((one.session.pk, hub.NO_LINE))
        for row in one.rows:
            actions.tell_above(one.session, row, None, at)
    audit.record_all([_told(one) for one in batches], by=None, at=at)
    hub.announce_all(news)


def _shown_again(rows: Iterable[RaisedAlarm], found: Iterable[Alarm]) -> bool:
    """Whether one that a person resolved is shown by something that was true later."""
    last = {alarms.key_of(one): one.last for one in found}
    return any(
        step.kind == AlarmStepKind.RESOLVED and last.get(alarms.key_of_row(row), step.at) > step.at
        for row in rows
        for step in row.steps.all()
    )


def _told(one: _Batch) -> audit.Told:
    first, last = one.rows[0].number, one.rows[-1]
    detail: audit.Detail = {"session": str(one.session.pk), "first": first, "number": last.number}
    return audit.Told("session samples", one.session.patient, last, detail)
