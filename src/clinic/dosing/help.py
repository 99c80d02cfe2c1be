"""Help at the chair: one press calls whoever is on call to the room, whatever else is locked."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from clinic.alerts import actions as alerts
from clinic.alerts import queries as raised
from clinic.alerts import roster
from clinic.alerts.models import Alert, Rung
from clinic.dosing import queries, words
from clinic.dosing.models import DosingSession
from clinic.people import audit
from clinic.people.models import User
from kapstone.risk import AlertLevel

CODE = "help."
ONE_PRESS = timedelta(minutes=1)  # mark P: a frightened hand presses more than once


@transaction.atomic
def call(*, session: DosingSession, by: User, at: datetime) -> Alert:
    """Call somebody now. Pressed again within a minute it is the same call, unless that was closed.

    Whoever may see the session may call; the phase and the drug do not matter.
    """
    locked = queries.locked(session)
    subject = f"{locked._meta.label}:{locked.pk}"
    for alert in calls().filter(subject=subject, raised_at__gt=at - ONE_PRESS, raised_at__lte=at):
        return alert
    cause = _cause(locked, at)
    alert = alerts.raise_alert(cause, patient=locked.patient, subject=locked, by=by, at=at)
    _tell_another(alert, by, at)
    audit.record("help_called", by=by, at=at, patient=locked.patient, subject=alert)
    return alert


def _tell_another(alert: Alert, by: User, at: datetime) -> None:
    """Whoever is on call may be the one who calls: then the next hear it at once."""
    ladder = roster.on_call(at)
    if ladder and ladder[0].user_id == by.pk:
        others = ladder[1:] or [one for one in roster.whole_clinic(at) if one.user_id != by.pk]
        alerts.tell(alert, Rung.BACKUP, others, at=at)


def told(alert: Alert, by: User) -> list[str]:
    """Who else was called, by name."""
    rows = alert.deliveries.exclude(recipient__user=by).select_related("recipient__user")
    return list(dict.fromkeys(row.recipient.name for row in rows.order_by("pk")))


def calls() -> QuerySet[Alert]:
    """Calls for help without an outcome."""
    return raised.open_alerts().filter(code__startswith=CODE)


def _cause(session: DosingSession, at: datetime) -> alerts.Cause:
    visit = session.appointment
    room = f" in {visit.room}" if visit else ", whose room is not on record"
    message = f"{words.session(session)}{room}: help is wanted at the chair. Go there now."
    return alerts.Cause(f"{CODE}{at:%Y%m%d%H%M%S}", AlertLevel.IMMEDIATE, message)
