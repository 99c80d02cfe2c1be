"""Whether an alert asks for a safety plan, and whether one is on record."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import OuterRef, QuerySet

from clinic.alerts.models import Alert
from clinic.people.models import Patient
from kapstone.risk import SAFETY_PLAN, PlanAsk, Tier
from kapstone.risk.tier import TIER_TRIGGERS

_TIERS = {f"cssrs.{trigger}": tier for tier, trigger in TIER_TRIGGERS.items()}
Moment = datetime | OuterRef
Lookup = Callable[[Patient, datetime], bool]
_lookups: list[Lookup] = []


def tier(alert: Alert) -> Tier | None:
    """The suicide tier that raised an alert; None for any other cause."""
    return _TIERS.get(alert.code)


def of_tiers(patient: Patient | OuterRef, since: Moment, until: Moment) -> QuerySet[Alert]:
    """Alerts that a suicide tier of LOW or above raised about a person between two moments."""
    found = Alert.objects.filter(patient=patient, code__in=_TIERS)
    return found.filter(raised_at__gte=since, raised_at__lte=until)


def asked(alert: Alert) -> PlanAsk | None:
    """Whether its outcome must say what became of the safety plan."""
    found = tier(alert)
    return SAFETY_PLAN.get(found) if found else None


def told_by(lookup: Lookup) -> None:
    """The room of safety plans says how to ask whether one was made or gone through since."""
    if lookup not in _lookups:
        _lookups.append(lookup)


def on_record(patient: Patient, since: datetime) -> bool:
    """Whether a plan was made or gone through since a moment."""
    return any(lookup(patient, since) for lookup in _lookups)
