"""What the room keeps."""

from clinic.therapy.models.incidents import Did, Incident, IncidentStep, ReviewerNamed
from clinic.therapy.models.keys import (
    AuthorKey,
    RecoveryCopy,
    RecoveryOpened,
    RecoveryPair,
    RecoverySheet,
    WrappedKey,
)
from clinic.therapy.models.notes import (
    Contact,
    DangerTold,
    Debrief,
    IntegrationVisit,
    Outcome,
    Structure,
)
from clinic.therapy.models.preparation import Comfort, Intention, Preparation, Topic
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
    "AuthorKey",
    "Comfort",
    "Contact",
    "DangerTold",
    "Debrief",
    "Did",
    "DrugActs",
    "Incident",
    "IncidentStep",
    "IntegrationVisit",
    "Intention",
    "Outcome",
    "Position",
    "Preparation",
    "PrivateNote",
    "RecoveryCopy",
    "RecoveryOpened",
    "RecoveryPair",
    "RecoverySheet",
    "ReviewerNamed",
    "Structure",
    "Topic",
    "Touch",
    "TouchAgreement",
    "TouchAsked",
    "WornOff",
    "WrappedKey",
]
