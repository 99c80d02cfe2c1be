"""What people do about an alarm: act on it, pause its sound, resolve it."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from clinic.alerts import actions as alerts
from clinic.alerts.models import StepKind
from clinic.dosing import actions, hub, queries
from clinic.dosing.alarms import SUICIDALITY
from clinic.dosing.kinds import Chart
from clinic.dosing.models import AlarmStep, AlarmStepKind, DosingSession, RaisedAlarm
from clinic.dosing.models.alarms import PAUSE_AT_MOST_S
from clinic.people import audit
from clinic.people.models import StaffMember


@transaction.atomic
def answer(*, alarm: RaisedAlarm, by: StaffMember, at: datetime) -> AlarmStep:
    """Somebody says they are acting on an alarm. It goes on standing."""
    step = AlarmStep.objects.create(alarm=alarm, kind=AlarmStepKind.SEEN, at=at, by=by.user)
    _tell_alert(alarm, StepKind.ACKNOWLEDGED, by, at, "Answered at the console.")
    _told(alarm, step)
    return step


@transaction.atomic
def pause_sound(
    *, session: DosingSession, by: StaffMember, at: datetime, pause_s: int = PAUSE_AT_MOST_S
) -> list[AlarmStep]:
    """Pause the sound of what calls now, for 120 s at most. Anything new sounds at once."""
    steps = [
        AlarmStep.objects.create(
            alarm=row, kind=AlarmStepKind.PAUSED, at=at, by=by.user, pause_s=pause_s
        )
        for row in session.alarms.exclude(steps__kind=AlarmStepKind.ENDED)
    ]
    if steps:
        audit.record(
            "pause_alarm_sound", by=by.user, at=at, patient=session.patient, subject=session
        )
        hub.announce(session.pk, hub.NO_LINE)
    return steps


@transaction.atomic
def resolve(*, alarm: RaisedAlarm, words: str, by: StaffMember, at: datetime) -> AlarmStep:
    """A person resolves an alarm: the latch opens, unless the last reading still shows it.

    Sent twice, as by a second tap, it is told once.
    """
    queries.locked(alarm.session)
    last = alarm.steps.filter(kind=AlarmStepKind.RESOLVED).order_by("at").last()
    if last is not None and (last.by_id, last.note) == (by.user_id, words):
        return last
    step = AlarmStep.objects.create(
        alarm=alarm, kind=AlarmStepKind.RESOLVED, at=at, by=by.user, note=words
    )
    body = {"rule": alarm.rule} | ({"band": alarm.band} if alarm.band else {})
    chart = Chart(uuid4(), "alarm_resolved", at, body, note=words)
    actions.record(session=alarm.session, chart=chart, by=by.user, at=at)
    # A suicidal thought keeps its alert until a licensed person closes it.
    if alarm.rule != SUICIDALITY:
        _tell_alert(alarm, StepKind.DISPOSED, by, at, words)
    _told(alarm, step)
    return step


def _tell_alert(
    alarm: RaisedAlarm, kind: StepKind, by: StaffMember, at: datetime, note: str
) -> None:
    if alarm.alert is None or alarm.alert.steps.filter(kind=StepKind.DISPOSED).exists():
        return
    alerts.take_step(alert=alarm.alert, kind=kind, by=by, at=at, note=note)


def _told(alarm: RaisedAlarm, step: AlarmStep) -> None:
    audit.record(
        f"alarm {step.kind}",
        by=step.by,
        at=step.at,
        patient=alarm.session.patient,
        subject=alarm,
    )
    hub.announce(alarm.session_id, hub.NO_LINE)
