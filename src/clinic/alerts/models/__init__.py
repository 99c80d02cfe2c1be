"""What the room keeps, one noun a file."""

from clinic.alerts.beats import LoopBeat, LoopGap
from clinic.alerts.models.alerts import Alert, AlertStep, StepKind
from clinic.alerts.models.deliveries import Delivery, Rung

__all__ = ["Alert", "AlertStep", "Delivery", "LoopBeat", "LoopGap", "Rung", "StepKind"]
