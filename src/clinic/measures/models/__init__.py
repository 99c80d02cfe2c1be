"""What the room keeps, one noun a file."""

from clinic.measures.models.answers import Answer, QuestionnaireResponse
from clinic.measures.models.assignments import Assignment, RedeemTry

__all__ = ["Answer", "Assignment", "QuestionnaireResponse", "RedeemTry"]
