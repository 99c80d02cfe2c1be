"""What the room keeps, one noun a file."""

from clinic.intake.models.decisions import (
    Clearance,
    ClearanceEvent,
    ClearanceEventKind,
    Override,
    OverrideEnd,
)
from clinic.intake.models.facts import EarlierScore, FactAnswer, PressureReading, SuicideScreen
from clinic.intake.models.lists import AllergyEntry, CheckedAs, DrugTrial, MedicineEntry
from clinic.intake.models.rows import Recorded, Source

__all__ = [
    "AllergyEntry",
    "CheckedAs",
    "Clearance",
    "ClearanceEvent",
    "ClearanceEventKind",
    "DrugTrial",
    "EarlierScore",
    "FactAnswer",
    "MedicineEntry",
    "Override",
    "OverrideEnd",
    "PressureReading",
    "Recorded",
    "Source",
    "SuicideScreen",
]
