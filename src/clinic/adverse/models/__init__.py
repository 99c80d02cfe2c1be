"""What the room keeps, one noun a file."""

from clinic.adverse.models.departures import CanDecide, Departure, RiskTold, WithWhom
from clinic.adverse.models.duties import Duty, DutyDiffers, DutyStep, StepKind, Way
from clinic.adverse.models.events import AdverseEvent, Reporter
from clinic.adverse.models.monitoring import MonitoringForm
from clinic.adverse.models.rounds import AskedRound

__all__ = [
    "AdverseEvent",
    "AskedRound",
    "CanDecide",
    "Departure",
    "Duty",
    "DutyDiffers",
    "DutyStep",
    "MonitoringForm",
    "Reporter",
    "RiskTold",
    "StepKind",
    "Way",
    "WithWhom",
]
