"""The loop's work on live sessions: unanswered alarms climb, missed readings and silent consoles
are told. Source of the clocks: 30 s, 2 min and 10 min, mark P; a clinic may only shorten.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from clinic.alerts import actions as alerts
from clinic.alerts import roster
from clinic.alerts.models import Alert, Rung
from clinic.dosing import alarms, consoles, hub, lines, opened, queries, step_cards, words
from clinic.dosing import help as chair
from clinic.dosing.alarms import ANSWERS
from clinic.dosing.models import DosingSession, RaisedAlarm
from clinic.dosing.opened import Opening
from kapstone.monitoring.parts import pause_chased_after
from kapstone.risk import AlertLevel

CLIMBS = (
    (timedelta(seconds=30), Rung.BACKUP),
    (timedelta(minutes=2), Rung.EVERYONE),
    (timedelta(minutes=10), Rung.OVERDUE),
)
A1_CALLS_AFTER = timedelta(minutes=2)


def watch(now: datetime) -> int:
    """One turn of the loop; returns how many people were newly told of something."""
    climbed = sum(_climb(alarm, now) for alarm in _unanswered())
    climbed += sum(_climb_call(alert, now) for alert in chair.calls())
    return climbed + sum(_watch_session(session, now) for session in queries.live_sessions(now))


def _unanswered() -> list[RaisedAlarm]:
    """Alarms on which nobody acts; one that ended by itself still asks, if it called anybody."""
    rows = RaisedAlarm.objects.exclude(steps__kind__in=ANSWERS).select_related("alert", "session")
    ended_quietly = Q(tier="A1", steps__kind="ended")
    return list(rows.exclude(ended_quietly).exclude(alert__deliveries__rung=Rung.OVERDUE))


@transaction.atomic
def _climb(alarm: RaisedAlarm, now: datetime) -> int:
    waited = now - alarm.raised_at
    if alarm.alert is None:
        return _call_clinic(alarm, now) if waited >= A1_CALLS_AFTER else 0
    return _climb_alert(alarm.alert, waited, now)


@transaction.atomic
def _climb_call(alert: Alert, now: datetime) -> int:
    """Help at the chair, called by a person: as fast as an alarm."""
    return _climb_alert(alert, now - alert.raised_at, now)


def _climb_alert(alert: Alert, waited: timedelta, now: datetime) -> int:
    if alert.steps.exists():
        return 0
    told = 0
    for after, rung in CLIMBS:
        if waited >= after and not alert.deliveries.filter(rung=rung).exists():
            told += _tell(alert, rung, now)
    return told


def _call_clinic(alarm: RaisedAlarm, now: datetime) -> int:
    """An A1 that nobody answers at the console reaches whoever is on call."""
    code = f"{alarm.rule}.unanswered"
    known = Alert.objects.filter(subject=f"{alarm._meta.label}:{alarm.pk}", code=code).exists()
    told = f"{words.session(alarm.session)}, {alarm.tier} not answered: {alarm.title}."
    cause = alerts.Cause(code, AlertLevel.URGENT, told)
    alerts.raise_alert(cause, patient=alarm.session.patient, subject=alarm, by=None, at=now)
    return 0 if known else 1


def _tell(alert: Alert, rung: Rung, now: datetime) -> int:
    ladder, everyone = roster.on_call(now), list(roster.whole_clinic(now))
    people = (ladder[1:] or everyone) if rung is Rung.BACKUP else everyone
    alerts.tell(alert, rung, people, at=now)
    return 1


def _watch_session(session: DosingSession, now: datetime) -> int:
    known = lines.read(session)
    state = queries.state_of(known, now)
    told = _still(session, state.infusion.still_since, now)
    raised = queries.alarms_now(session)
    told += _unrelieved(session, opened.now_open(queries.standing_of(known.rows), raised), now)
    if {alarms.key_of(one) for one in state.alarms} != {
        (row.rule, row.band, row.tier) for row in raised
    }:
        told += alarms.keep_up(session=session, at=now)
    for due in state.due:
        if due.missed:
            missed = f"a reading was missed ({words.CHANNELS[due.channel]})."
            told += _once(session, f"missed.{due.channel}.{due.at:%m%d%H%M}", missed, now)
    return told + _silent(session, now)


def _still(session: DosingSession, since: datetime | None, now: datetime) -> int:
    """An infusion that was paused and that nobody has resumed or stopped."""
    if since is None or now - since < pause_chased_after():
        return 0
    happened = (
        f"the infusion stands still since {words.clock(since)}. Resume it, or stop it and chart "
        "what was given."
    )
    return _once(session, f"still.{since:%m%d%H%M%S}", happened, now)


def _unrelieved(session: DosingSession, running: Iterable[Opening], now: datetime) -> int:
    """Steps that have been open for so long that the prescriber comes."""
    told = 0
    for one in running:
        if step_cards.is_late(one, now):
            since = f"goes on since {words.clock(one.onset)}. The prescriber comes."
            code = f"steps.{one.pathway_id}.{one.onset:%m%d%H%M%S}"
            told += _once(session, code, f"{one.title.lower()} {since}", now)
    return told


def _silent(session: DosingSession, now: datetime) -> int:
    """Consoles that went quiet without being closed; the others show it at once."""
    if not (lost := consoles.lost(session, now)):
        return 0
    silent = "a console went silent. Go and look at the person."
    if consoles.shows_still(session, now):
        silent = "one of the consoles went silent; another still shows it."
    codes = [f"console.{one.pk}.{one.beat_at:%m%d%H%M%S}" for one in lost]
    told = sum(_once(session, code, silent, now) for code in codes)
    if told:
        hub.announce(session.pk, hub.NO_LINE)
    return told


def _once(session: DosingSession, code: str, happened: str, now: datetime) -> int:
    subject = f"{session._meta.label}:{session.pk}"
    if Alert.objects.filter(subject=subject, code=code).exists():
        return 0
    told = f"{words.session(session)}: {happened}"
    cause = alerts.Cause(code, AlertLevel.URGENT, told)
    alerts.raise_alert(cause, patient=session.patient, subject=session, by=None, at=now)
    return 1
