"""Alarms as rows: raised by the fold, answered by people.

An alarm that stands is not raised again. A2 and A3 put an alert in the queue in the same
transaction; A1 calls the console alone, and the clinic when nobody answers (`escalation`).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from clinic.alerts import actions as alerts
from clinic.alerts.models import Alert
from clinic.dosing import screened, words
from clinic.dosing.models import (
    AlarmStep,
    AlarmStepKind,
    DosingSession,
    RaisedAlarm,
    SessionEvent,
)
from clinic.people import audit
from clinic.people.worded import worded_once
from kapstone.monitoring.alarms import Alarm, Tier
from kapstone.risk import AlertLevel

SUICIDALITY = "ALM-SI"
Key = tuple[str, str, str]
ANSWERS = (AlarmStepKind.SEEN, AlarmStepKind.RESOLVED)


def follow(
    *, session: DosingSession, event: SessionEvent, found: Iterable[Alarm], at: datetime
) -> None:
    """Bring the alarm rows in line with the fold's, inside the transaction of the event."""
    standing = {_key(alarm): alarm for alarm in found}
    known = {(row.rule, row.band, row.tier): row for row in _open(session.pk)}
    for key, row in known.items():
        if key not in standing:
            AlarmStep.objects.create(alarm=row, kind=AlarmStepKind.ENDED, at=at)
    for key, alarm in standing.items():
        if key not in known:
            _raise(session, event, alarm, at)


@worded_once
def _open(session_id: UUID) -> QuerySet[RaisedAlarm]:
    return RaisedAlarm.objects.filter(session=session_id).exclude(steps__kind=AlarmStepKind.ENDED)


def _key(alarm: Alarm) -> Key:
    return alarm.rule, alarm.band or "", str(alarm.tier)


def _raise(session: DosingSession, event: SessionEvent, alarm: Alarm, at: datetime) -> None:
    alert = None if alarm.tier is Tier.A1 else _alert(session, event, alarm, at)
    row = RaisedAlarm.objects.create(
        session=session,
        event=event,
        rule=alarm.rule,
        band=alarm.band or "",
        tier=str(alarm.tier),
        title=alarm.title,
        action=alarm.action,
        latching=alarm.latching,
        raised_at=at,
        alert=alert,
    )
    audit.record(
        "raise_alarm",
        by=event.by,
        at=at,
        patient=session.patient,
        subject=row,
        rule=alarm.rule,
        tier=str(alarm.tier),
    )


def _alert(session: DosingSession, event: SessionEvent, alarm: Alarm, at: datetime) -> Alert:
    if alarm.rule == SUICIDALITY and (told := screened.high(event)):
        return told
    cause = alerts.Cause(
        f"{alarm.rule}.{alarm.band or 'any'}.{alarm.tier}.{event.number}",
        AlertLevel.IMMEDIATE,
        f"{words.session(session)}, {alarm.tier}: {alarm.title}. {alarm.action}",
    )
    return alerts.raise_alert(cause, patient=session.patient, subject=event, by=event.by, at=at)


def is_sounding(alarm: RaisedAlarm, steps: Iterable[AlarmStep], now: datetime) -> bool:
    """Whether an alarm calls aloud: it stands, nobody acts on it, and no pause runs."""
    for step in steps:
        if step.kind in (AlarmStepKind.ENDED, *ANSWERS):
            return False
        ends_at = step.at + timedelta(seconds=step.pause_s or 0)
        if step.kind == AlarmStepKind.PAUSED and now < ends_at:
            return False
    return True
