"""What the room keeps, one noun a file."""

from clinic.measures.models.answers import Answer, QuestionnaireResponse, SheetHand
from clinic.measures.models.assignments import Assignment, HelpCall, Helper, RedeemTry
from clinic.measures.models.follow_up import CheckIn, DailyWish, DueItem, Told
from clinic.measures.models.wordings import ImportedWording, WordingFile, WordingWithdrawal

__all__ = [
    "Answer",
    "Assignment",
    "CheckIn",
    "DailyWish",
    "DueItem",
    "HelpCall",
    "Helper",
    "ImportedWording",
    "QuestionnaireResponse",
    "RedeemTry",
    "SheetHand",
    "Told",
    "WordingFile",
    "WordingWithdrawal",
]
