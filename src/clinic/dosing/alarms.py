"""Alarms as rows: raised by the fold, answered by people.

An alarm that stands is not raised again. A2 and A3 put an alert in the queue in the same
transaction; A1 calls the console alone, and the clinic when nobody answers (`escalation`).
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet

from clinic.alerts import actions as alerts
from clinic.alerts.models import Alert
from clinic.dosing import hub, late, lines, queries, screened, words
from clinic.dosing.models import (
    AlarmStep,
    AlarmStepKind,
    DosingSession,
    RaisedAlarm,
    SessionEvent,
)
from clinic.people import audit
from clinic.people.models import User
from clinic.people.worded import worded_once
from kapstone.monitoring.alarms import Alarm, Tier
from kapstone.monitoring.calling import Deed, Step, Voice, voice
from kapstone.risk import AlertLevel

SUICIDALITY = "ALM-SI"
Key = tuple[str, str, str]
ANSWERS = (AlarmStepKind.SEEN, AlarmStepKind.RESOLVED)


def follow(
    *,
    session: DosingSession,
    event: SessionEvent,
    found: Iterable[Alarm],
    by: User | None,
    at: datetime,
) -> None:
    """Bring the alarm rows in line with the fold's, inside the transaction of the event.

    One that a person resolved and a later reading shows again ends, and is raised anew.
    """
    standing = {key_of(alarm): alarm for alarm in found}
    known = {key_of_row(row): row for row in _open(session.pk)}
    again = _shown_again(standing, known)
    for key, row in known.items():
        if (key not in standing and not late.unanswered(row)) or key in again:
            AlarmStep.objects.create(alarm=row, kind=AlarmStepKind.ENDED, at=at)
    for key, alarm in standing.items():
        if key not in known or key in again:
            _raise(session, event, alarm, by, at)


def add_missed(
    *, session: DosingSession, event: SessionEvent, alarm: Alarm, by: User | None, at: datetime
) -> None:
    """Raise what an event called at its own time and calls no more, unless it is raised."""
    if key_of(alarm) not in map(key_of_row, _open(session.pk)):
        _raise(session, event, alarm, by, at, was_over=True)


def _shown_again(standing: Mapping[Key, Alarm], known: Mapping[Key, RaisedAlarm]) -> set[Key]:
    both = {known[key].pk: key for key in standing.keys() & known.keys()}
    if not both:
        return set()
    steps = AlarmStep.objects.filter(alarm__in=both, kind=AlarmStepKind.RESOLVED)
    resolved = {both[step.alarm_id]: step.at for step in steps.order_by("at")}
    return {key for key, at in resolved.items() if standing[key].last > at}


@transaction.atomic
def keep_up(*, session: DosingSession, at: datetime) -> bool:
    """What time alone alters, with nothing charted: values too old, a device gone silent.

    Returns whether anything was. The newest line stands for what was known then.
    """
    locked = queries.locked(session)
    found = {key_of(alarm): alarm for alarm in lines.read(locked).alarms(at)}
    known = {key_of_row(row) for row in _open(locked.pk) if counts(row, found)}
    if found.keys() == known:
        return False
    new = found.keys() - known
    used = {one.event_id for one in locked.alarms.all() if (one.rule, one.band, one.tier) in new}
    free = locked.events.exclude(pk__in=used).order_by("-number").first()  # once an event each
    if free is None:
        return False
    follow(session=locked, event=free, found=found.values(), by=None, at=at)
    hub.announce(locked.pk, hub.NO_LINE)
    return True


def stand_as(rows: Iterable[RaisedAlarm], found: Iterable[Alarm]) -> bool:
    """Whether these are raised, and no others: nothing began, and nothing ended."""
    keys = {key_of(alarm) for alarm in found}
    return keys == {key_of_row(row) for row in rows if counts(row, keys)}


def counts(row: RaisedAlarm, found: Collection[Key]) -> bool:
    """Whether a raised alarm is one of the fold's, and not one that came late and waits."""
    return key_of_row(row) in found or not late.unanswered(row)


@worded_once
def _open(session_id: UUID) -> QuerySet[RaisedAlarm]:
    rows = RaisedAlarm.objects.filter(session=session_id).select_related("event")
    return rows.exclude(steps__kind=AlarmStepKind.ENDED)


def key_of(alarm: Alarm) -> Key:
    """What tells one alarm of a session from another."""
    return alarm.rule, alarm.band or "", str(alarm.tier)


def key_of_row(row: RaisedAlarm) -> Key:
    """The same of one that was raised."""
    return row.rule, row.band, row.tier


def _raise(
    session: DosingSession,
    event: SessionEvent,
    alarm: Alarm,
    by: User | None,
    at: datetime,
    *,
    was_over: bool = False,
) -> None:
    row = RaisedAlarm(
        session=session,
        event=event,
        rule=alarm.rule,
        band=alarm.band or "",
        tier=str(alarm.tier),
        title=alarm.title,
        action=alarm.action,
        latching=alarm.latching,
        raised_at=at,
        was_over=was_over,
    )
    row.alert = None if alarm.tier is Tier.A1 else _alert(row, by)
    row.save(force_insert=True)
    audit.record(
        "raise_alarm",
        by=by,
        at=at,
        patient=session.patient,
        subject=row,
        rule=row.rule,
        tier=row.tier,
    )


def _alert(row: RaisedAlarm, by: User | None) -> Alert:
    session, event, at = row.session, row.event, row.raised_at
    if row.rule == SUICIDALITY and (told := screened.high(event)):
        return told
    message = f"{words.session(session)}, {row.tier}: {row.title}. {row.action}"
    if both := late.words(row):
        message += f" {both.capitalize()}."
    code = f"{row.rule}.{row.band or 'any'}.{row.tier}.{event.number}"
    cause = alerts.Cause(code, AlertLevel.IMMEDIATE, message)
    return alerts.raise_alert(cause, patient=session.patient, subject=event, by=by, at=at)


def is_sounding(
    steps: Iterable[AlarmStep], now: datetime, changed_at: datetime | None = None
) -> bool:
    """Whether an alarm calls aloud: it stands, nobody acts on it, and no pause runs.

    changed_at: when an alarm of its session was last raised or ended, which ends a pause.
    """
    told = [Step(Deed(step.kind), step.at, timedelta(seconds=step.pause_s or 0)) for step in steps]
    told += [Step(Deed.CHANGED, changed_at)] if changed_at else []
    line = sorted(told, key=lambda step: (step.at, step.deed is not Deed.CHANGED))
    return voice(line, now) is Voice.SOUNDING


def changed_at(session: DosingSession) -> datetime | None:
    """When an alarm of a session was last raised, or ended."""
    raised = session.alarms.aggregate(at=Max("raised_at"))["at"]
    ended = AlarmStep.objects.filter(alarm__session=session, kind=AlarmStepKind.ENDED)
    return max(filter(None, (raised, ended.aggregate(at=Max("at"))["at"])), default=None)
