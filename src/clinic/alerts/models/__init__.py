"""What the room keeps, one noun a file."""

from clinic.alerts.beats import LoopBeat, LoopGap
from clinic.alerts.models.alerts import Alert, AlertStep, StepKind
from clinic.alerts.models.contacts import ContactAttempt, How, PlanAnswer, PlanState, Result
from clinic.alerts.models.deliveries import Delivery, Rung
from clinic.alerts.models.follow import ContactTry, TierContact

__all__ = [
    "Alert",
    "AlertStep",
    "ContactAttempt",
    "ContactTry",
    "Delivery",
    "How",
    "LoopBeat",
    "LoopGap",
    "PlanAnswer",
    "PlanState",
    "Result",
    "Rung",
    "StepKind",
    "TierContact",
]
