"""What the room keeps."""

from clinic.therapy.models.notes import DangerTold, Debrief, IntegrationVisit, Outcome
from clinic.therapy.models.preparation import Preparation
from clinic.therapy.models.private import PrivateNote
from clinic.therapy.models.touch import (
    AllowedTouch,
    DrugActs,
    Position,
    Touch,
    TouchAgreement,
    TouchAsked,
    WornOff,
)

__all__ = [
    "AllowedTouch",
    "DangerTold",
    "Debrief",
    "DrugActs",
    "IntegrationVisit",
    "Outcome",
    "Position",
    "Preparation",
    "PrivateNote",
    "Touch",
    "TouchAgreement",
    "TouchAsked",
    "WornOff",
]
