"""Whether an alert asks for a safety plan, and whether one is on record."""

from collections.abc import Callable
from datetime import datetime

from clinic.alerts.models import Alert
from clinic.people.models import Patient
from kapstone.risk import SAFETY_PLAN, PlanAsk, Tier

# How the screener's alerts are named by intake (its triggers) and by the instruments (their bands).
_TIERS = {
    "SUI-H": Tier.HIGH,
    "SUI-M": Tier.MODERATE,
    "SUI-L": Tier.LOW,
    "high": Tier.HIGH,
    "moderate": Tier.MODERATE,
    "low": Tier.LOW,
}
Lookup = Callable[[Patient, datetime], bool]
_lookups: list[Lookup] = []


def tier(alert: Alert) -> Tier | None:
    """The suicide tier that raised an alert; None for any other cause."""
    instrument, _, name = alert.code.partition(".")
    return _TIERS.get(name) if instrument.startswith("cssrs") else None


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
