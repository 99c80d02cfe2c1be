"""The suicide screener asked again in a session: its tier calls the team as any other screener's.

HIGH is also alarm ALM-SI, of one alert with it; an answer left out holds the discharge (DIS-09).
"""

from clinic.alerts.actions import raise_alert
from clinic.alerts.models import Alert
from clinic.dosing.models import SessionEvent
from clinic.measures.causes import cause
from kapstone.monitoring.screener import risk_since_arrival
from kapstone.risk import Risk, Trigger

_LOWER = (Trigger.MODERATE_TIER, Trigger.LOW_TIER)


def tell(row: SessionEvent) -> None:
    """The tier's alert where no alarm raises it, in the transaction of the event."""
    for trigger in _risk(row).triggers:
        if trigger in _LOWER:
            _raise(row, trigger)


def high(row: SessionEvent) -> Alert | None:
    """The alert of the tier HIGH, where this event's answers come to it."""
    return _raise(row, Trigger.HIGH_TIER) if Trigger.HIGH_TIER in _risk(row).triggers else None


def _risk(row: SessionEvent) -> Risk:
    return risk_since_arrival({key: said for key, said in row.body.items() if said is True})


def _raise(row: SessionEvent, trigger: Trigger) -> Alert:
    """A corrected line tells nobody twice of one answer."""
    first = row
    while first.replaces is not None:
        first = first.replaces
    patient = row.session.patient
    return raise_alert(
        cause(trigger), patient=patient, subject=first, by=row.by, at=row.recorded_at
    )
