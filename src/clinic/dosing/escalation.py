"""The loop's work on live sessions: unanswered alarms climb, missed readings and silent consoles
are told. Source of the clocks: 30 s, 2 min and 10 min, mark P; a clinic may only shorten.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from clinic.alerts import actions as alerts
from clinic.alerts import roster
from clinic.alerts.models import Alert, Rung
from clinic.dosing import alarms, consoles, hub, lines, opened, queries, step_cards, words
from clinic.dosing import help as chair
from clinic.dosing.alarms import ANSWERS
from clinic.dosing.models import ConsoleBeat, DosingSession, RaisedAlarm
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
    return climbed + _watch_sessions(list(queries.live_sessions(now)), now)


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


Happened = tuple[str, str]  # what tells it from all else of its session, and its words


def _watch_sessions(sessions: Sequence[DosingSession], now: datetime) -> int:
    """What stands and what was told is read once for all of them: this runs every second."""
    raised, silent = queries.alarms_by_session(sessions), consoles.lost_by_session(now)
    subjects = [_subject(each) for each in sessions]
    known = set(Alert.objects.filter(subject__in=subjects).values_list("subject", "code"))
    count = 0
    for each in sessions:
        line, calling = lines.up_to_date(each), raised.get(each.pk, [])
        count += _keep_up(each, line, calling, now)
        found = [*_watch_session(line, calling, now), *_silent(each, silent.get(each.pk, []), now)]
        new = {code: words for code, words in found if (_subject(each), code) not in known}
        for code, happened in new.items():
            _tell_clinic(each, code, happened, now)
        if any(code.startswith(_CONSOLE) for code in new):
            hub.announce(each.pk, hub.NO_LINE)
        count += len(new)
    return count


def _subject(session: DosingSession) -> str:
    return f"{session._meta.label}:{session.pk}"


def _keep_up(
    session: DosingSession, line: lines.Known, raised: Sequence[RaisedAlarm], now: datetime
) -> int:
    if alarms.stand_as(raised, line.alarms(now)):
        return 0
    return int(alarms.keep_up(session=session, at=now))


def _watch_session(
    line: lines.Known, raised: Sequence[RaisedAlarm], now: datetime
) -> Iterator[Happened]:
    """What nobody did in time."""
    yield from _still(line.folded.infusion(now).still_since, now)
    yield from _unrelieved(opened.now_open(queries.standing_of(line.rows), raised), now)
    for due in line.folded.due(now):
        if due.missed:
            code = f"missed.{due.channel}.{due.at:%m%d%H%M}"
            yield code, f"a reading was missed ({words.CHANNELS[due.channel]})."


def _still(since: datetime | None, now: datetime) -> Iterator[Happened]:
    """An infusion that was paused and that nobody has resumed or stopped."""
    if since is not None and now - since >= pause_chased_after():
        still = f"the infusion stands still since {words.clock(since)}."
        told = f"{still} Resume it, or stop it and chart what was given."
        yield f"still.{since:%m%d%H%M%S}", told


def _unrelieved(running: Iterable[Opening], now: datetime) -> Iterator[Happened]:
    """Steps that have been open for so long that the prescriber comes."""
    for one in running:
        if step_cards.is_late(one, now):
            since = f"goes on since {words.clock(one.onset)}. The prescriber comes."
            code = f"steps.{one.pathway_id}.{one.onset:%m%d%H%M%S}"
            yield code, f"{one.title.lower()} {since}"


_CONSOLE = "console."


def _silent(
    session: DosingSession, lost: Sequence[ConsoleBeat], now: datetime
) -> Iterator[Happened]:
    """Consoles that went quiet without being closed; the others show it at once."""
    if not lost:
        return
    silent = "a console went silent. Go and look at the person."
    if consoles.shows_still(session, now):
        silent = "one of the consoles went silent; another still shows it."
    for one in lost:
        yield f"{_CONSOLE}{one.pk}.{one.beat_at:%m%d%H%M%S}", silent


def _tell_clinic(session: DosingSession, code: str, happened: str, now: datetime) -> None:
    told = f"{words.session(session)}: {happened}"
    cause = alerts.Cause(code, AlertLevel.URGENT, told)
    alerts.raise_alert(cause, patient=session.patient, subject=session, by=None, at=now)
