"""What the room keeps."""

from clinic.therapy.models.notes import Debrief, IntegrationVisit, Outcome
from clinic.therapy.models.preparation import Preparation
from clinic.therapy.models.private import PrivateNote
from clinic.therapy.models.touch import AllowedTouch, Touch, TouchAgreement

__all__ = [
    "AllowedTouch",
    "Debrief",
    "IntegrationVisit",
    "Outcome",
    "Preparation",
    "PrivateNote",
    "Touch",
    "TouchAgreement",
]
